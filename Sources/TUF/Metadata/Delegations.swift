import Crypto
import StrictJSON

/// To which roles a targets role delegates, for which names.
public struct Delegations: Equatable, Sendable {
    public static let mostRoles = 1024

    /// In their order of precedence.
    public let roles: [Role]
    public let bins: Bins?

    /// One delegated role.
    public struct Role: Equatable, Sendable {
        public let name: DelegatedRoleName
        public let keys: RoleKeys
        /// Whether the search ends here when this role is responsible.
        public let isTerminating: Bool
        public let names: Names
    }

    /// For which target names a role is responsible.
    public enum Names: Equatable, Sendable {
        case patterns([String])
        /// Lower-case hexadecimal beginnings of the SHA-256 of the name.
        case hashPrefixes([String])
    }

    /// Succinct hash bins: 2^bits roles of the same keys.
    public struct Bins: Equatable, Sendable {
        public let keys: RoleKeys
        /// 1 to 32.
        public let bits: Int
        public let prefix: String
    }

    init(_ value: JSONElement, profile: Profile) throws(TUFError) {
        let keys = try RoleKeys.readKeys(value["keys"], profile: profile)
        switch (value["roles"], value["succinct_roles"]) {
        case (let list?, nil):
            roles = try Self.roles(list, keys: keys)
            bins = nil
        case (nil, let value?):
            roles = []
            bins = try Self.bins(value, keys: keys)
        default: throw TUFError(.delegationInvalid, "delegations need either roles or succinct_roles")
        }
    }

    private static func roles(_ list: JSONElement, keys: [KeyID: PublicKey]) throws(TUFError) -> [Role] {
        guard let elements = list.elements, elements.count <= mostRoles else {
            throw TUFError(.delegationInvalid, "roles must be an array of at most \(mostRoles)")
        }
        var roles: [Role] = []
        var seen = DistinctNames()
        for element in elements {
            let name = try DelegatedRoleName(element["name"]?.string ?? "")
            guard !roles.contains(where: { $0.name == name }) else {
                throw TUFError(.delegationInvalid, "the role \(quoted(name.text)) is delegated to twice")
            }
            try seen.insert(name.text)
            guard let isTerminating = element["terminating"]?.bool else {
                throw TUFError(.delegationInvalid, "the delegation to \(quoted(name.text)) needs terminating")
            }
            roles.append(
                Role(
                    name: name, keys: try RoleKeys(element, keys: keys), isTerminating: isTerminating,
                    names: try names(element, role: name)))
        }
        return roles
    }

    private static func names(_ value: JSONElement, role: DelegatedRoleName) throws(TUFError) -> Names {
        func texts(_ value: JSONElement) throws(TUFError) -> [String] {
            var texts: [String] = []
            for element in value.elements ?? [] {
                guard let text = element.string, text.utf8.count <= TargetName.longest else {
                    throw TUFError(.delegationInvalid, "the delegation to \(quoted(role.text)) has a pattern that is no short text")
                }
                texts.append(text)
            }
            return texts
        }
        switch (value["paths"], value["path_hash_prefixes"]) {
        case (let paths?, nil) where paths.isArray: return .patterns(try texts(paths))
        case (nil, let prefixes?) where prefixes.isArray: return .hashPrefixes(try texts(prefixes))
        default:
            throw TUFError(.delegationInvalid, "the delegation to \(quoted(role.text)) needs either paths or path_hash_prefixes")
        }
    }

    private static func bins(_ value: JSONElement, keys: [KeyID: PublicKey]) throws(TUFError) -> Bins {
        guard let bits = value["bit_length"]?.integer, (1...32).contains(bits), let prefix = value["name_prefix"]?.string else {
            throw TUFError(.delegationInvalid, "succinct_roles need a bit_length of 1 to 32 and a name_prefix")
        }
        _ = try DelegatedRoleName(prefix + "-0")
        return Bins(keys: try RoleKeys(value, keys: keys), bits: Int(bits), prefix: prefix)
    }

    /// The roles to ask for `target`, in order. All of them, terminating or not: the search decides.
    public func responsible(for target: String) throws(TUFError) -> [Role] {
        if let bins {
            let role = Role(name: try bins.role(for: target), keys: bins.keys, isTerminating: true, names: .patterns([]))
            return [role]
        }
        return roles.filter { $0.names.include(target) }
    }
}

extension Delegations.Bins {
    func role(for target: String) throws(TUFError) -> DelegatedRoleName {
        let digest = SHA256.hash(data: Array(target.utf8))
        let head = digest.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        let number = String(head >> UInt32(32 - bits), radix: 16)
        // As wide as the highest number of all bins.
        let width = (bits + 3) / 4
        return try DelegatedRoleName("\(prefix)-\(String(repeating: "0", count: width - number.utf8.count))\(number)")
    }
}

extension Delegations.Names {
    func include(_ target: String) -> Bool {
        switch self {
        case .patterns(let patterns): return patterns.contains { NamePattern.matches($0, target) }
        case .hashPrefixes(let prefixes):
            let digest = Hexadecimal.text(SHA256.hash(data: Array(target.utf8)))
            return prefixes.contains { digest.utf8.starts(with: $0.utf8) }
        }
    }
}
