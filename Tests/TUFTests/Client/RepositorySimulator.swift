import Crypto
import Foundation
import StrictJSON
import TUF

/// A key of the simulator, the same for the same name at every run.
struct SimulatedKey: Hashable {
    let name: String

    private var seed: SHA256.Digest { SHA256.hash(data: Array(name.utf8)) }
    private var key: Curve25519.Signing.PrivateKey {
        get throws { try Curve25519.Signing.PrivateKey(rawRepresentation: Data(seed)) }
    }

    func publicKey() throws -> PublicKey { try PublicKey(ed25519: Array(key.publicKey.rawRepresentation)) }
    func sign(_ message: [UInt8]) throws -> [UInt8] { Array(try key.signature(for: message)) }
}

/// A repository of which a test changes one thing and publishes. What was published stays published, as on a server.
struct RepositorySimulator {
    struct Delegation {
        var name: String
        var keys: [SimulatedKey]
        var paths = ["*"]
        var isTerminating = false
    }

    var profile = Profile.standard
    var hasConsistentSnapshots = true
    var listsHashes = true
    var keys: [TopRole: [SimulatedKey]] = [:]
    var thresholds: [TopRole: Int64] = [:]
    /// Keys that sign root beside those of the role: the former ones.
    var formerRootKeys: [SimulatedKey] = []
    var versions: [String: Int64] = [:]
    var expires: [String: MetadataTime] = [:]
    /// The contents of targets, by the role that names them.
    var targets: [String: [String: [UInt8]]] = [:]
    /// What each role delegates.
    var delegations: [String: [Delegation]] = [:]
    private(set) var files: [String: [UInt8]] = [:]
    private var described: [String: JSONValue] = [:]

    static let now = MetadataTime(seconds: 1_767_225_600)
    static let later = MetadataTime(seconds: 1_893_456_000)

    init(_ profile: Profile = .standard) throws {
        self.profile = profile
        hasConsistentSnapshots = profile == .standard
        for role in TopRole.allCases { keys[role] = [SimulatedKey(name: role.rawValue)] }
        targets["targets"] = ["top.txt": Array("top\n".utf8)]
        try publishRoot()
        try publish()
    }

    /// The version that was published last.
    func version(_ role: String) -> Int64 { versions[role] ?? 0 }

    mutating func publishRoot() throws {
        let signers = (keys[.root] ?? []) + formerRootKeys
        var listed: [(name: String, value: JSONValue)] = []
        for key in Set(keys.values.joined()) { listed.append(try entry(key)) }
        var roles: [(name: String, value: JSONValue)] = []
        for role in TopRole.allCases {
            roles.append((role.rawValue, try roleKeys(keys[role] ?? [], thresholds[role] ?? 1)))
        }
        let members: [(name: String, value: JSONValue)] = [
            ("consistent_snapshot", .bool(hasConsistentSnapshots)), ("keys", .object(listed)), ("roles", .object(roles)),
        ]
        let bytes = try sign("root", .root, members, by: signers)
        files["\(version("root")).root.json"] = bytes
    }

    /// Publishes targets, all delegated roles, snapshot and timestamp, each with the next version.
    mutating func publish() throws {
        for role in Set(targets.keys).union(delegations.values.joined().map(\.name)).union(["targets"]) { try publishTargets(role) }
        try publishSnapshot()
        try publishTimestamp()
    }

    mutating func publishTargets(_ role: String) throws {
        var entries: [(name: String, value: JSONValue)] = []
        for (name, content) in targets[role] ?? [:] {
            let digest = SHA256.hash(data: content).map { String(format: "%02x", $0) }.joined()
            let hashes = JSONValue.object([("sha256", .string(digest))])
            entries.append((name, .object([("hashes", hashes), ("length", .integer(Int64(content.count)))])))
            files["targets/" + (hasConsistentSnapshots ? Self.hashed(name, digest) : name)] = content
        }
        var members: [(name: String, value: JSONValue)] = [("targets", .object(entries))]
        if let delegations = delegations[role] { members.append(("delegations", try document(delegations))) }
        let signers = role == "targets" ? keys[.targets] ?? [] : delegations.values.joined().first { $0.name == role }?.keys ?? []
        let bytes = try sign(role, .targets, members, by: signers)
        place(bytes, role)
    }

    mutating func publishSnapshot() throws {
        let members = described.filter { $0.key != "snapshot" }.map { (name: "\($0.key).json", value: $0.value) }
        place(try sign("snapshot", .snapshot, [("meta", .object(members))], by: keys[.snapshot] ?? []), "snapshot")
    }

    mutating func publishTimestamp() throws {
        let meta = JSONValue.object([("snapshot.json", described["snapshot"] ?? .null)])
        files["timestamp.json"] = try sign("timestamp", .timestamp, [("meta", meta)], by: keys[.timestamp] ?? [])
    }

    /// The files of the targets, by the path that a client asks for.
    var content: [String: [UInt8]] {
        Dictionary(uniqueKeysWithValues: files.filter { $0.key.hasPrefix("targets/") }.map { (String($0.key.dropFirst(8)), $0.value) })
    }

    // MARK: Parts

    private mutating func place(_ bytes: [UInt8], _ role: String) {
        let encoded = role.replacing("/", with: "%2F").replacing("?", with: "%3F")
        files[hasConsistentSnapshots ? "\(version(role)).\(encoded).json" : "\(encoded).json"] = bytes
        var members: [(name: String, value: JSONValue)] = [("version", .integer(version(role)))]
        if listsHashes {
            let digest = SHA256.hash(data: bytes).map { String(format: "%02x", $0) }.joined()
            members += [("hashes", .object([("sha256", .string(digest))])), ("length", .integer(Int64(bytes.count)))]
        }
        described[role] = .object(members)
    }

    private mutating func sign(
        _ role: String, _ type: TopRole, _ members: [(name: String, value: JSONValue)], by signers: [SimulatedKey]
    ) throws -> [UInt8] {
        versions[role] = version(role) + 1
        let name = profile == .fio ? type.rawValue.capitalized : type.rawValue
        var all = members
        all += [("_type", .string(name)), ("version", .integer(version(role)))]
        all.append(("expires", .string((expires[role] ?? Self.later).description)))
        if profile == .standard { all.append(("spec_version", .string("1.0.31"))) }
        let signed = JSONValue.object(all)
        let message = CanonicalJSON.bytes(of: signed, .ordinary)
        var signatures: [JSONValue] = []
        for key in Set(signers) { signatures.append(try signature(of: message, by: key)) }
        return CanonicalJSON.bytes(of: .object([("signatures", .array(signatures)), ("signed", signed)]), .ordinary)
    }

    private func signature(of message: [UInt8], by key: SimulatedKey) throws -> JSONValue {
        let id = try key.publicKey().id(profile: profile).text
        let bytes = try key.sign(message)
        return switch profile {
        case .standard: .object([("keyid", .string(id)), ("sig", .string(bytes.map { String(format: "%02x", $0) }.joined()))])
        case .fio: .object([("keyid", .string(id)), ("method", .string("ed25519")), ("sig", .string(Data(bytes).base64EncodedString()))])
        }
    }

    private func entry(_ key: SimulatedKey) throws -> (name: String, value: JSONValue) {
        let key = try key.publicKey()
        return (try key.id(profile: profile).text, try key.document(profile: profile))
    }

    private func roleKeys(_ keys: [SimulatedKey], _ threshold: Int64) throws -> JSONValue {
        let ids = try keys.map { JSONValue.string(try $0.publicKey().id(profile: profile).text) }
        return .object([("keyids", .array(ids)), ("threshold", .integer(threshold))])
    }

    private func document(_ delegations: [Delegation]) throws -> JSONValue {
        var roles: [JSONValue] = []
        for delegation in delegations {
            var members = try roleKeys(delegation.keys, 1).members ?? []
            members += [("name", .string(delegation.name)), ("paths", .array(delegation.paths.map(JSONValue.string)))]
            members.append(("terminating", .bool(delegation.isTerminating)))
            roles.append(.object(members))
        }
        let keys = try Set(delegations.flatMap(\.keys)).map(entry)
        return .object([("keys", .object(keys)), ("roles", .array(roles))])
    }

    private static func hashed(_ name: String, _ digest: String) -> String {
        var parts = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        parts.append("\(digest).\(parts.removeLast())")
        return parts.joined(separator: "/")
    }
}
