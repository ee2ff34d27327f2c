import StrictJSON

/// Which files there are, and to whom decisions about some of them are delegated.
///
/// The targets stay in the file's bytes, checked, and are read when they are asked for: a file may name a hundred
/// thousand.
public struct TargetsMetadata: RoleMetadata {
    public static let role = TopRole.targets
    public static let mostTargets = 1_000_000

    public let common: RoleHeader
    public let delegations: Delegations?
    public let profile: Profile
    /// The member `signed`, for members beyond the specification.
    public let signed: JSONElement
    private let targets: JSONElement
    /// The positions of the names, when those in the file do not ascend.
    private let sorted: [Int]?

    public init(_ envelope: Envelope) throws(TUFError) {
        common = try RoleHeader(envelope)
        profile = envelope.profile
        signed = envelope.signed
        guard let targets = envelope.signed["targets"], targets.isObject else {
            throw TUFError(.memberMissing, "there is no member targets")
        }
        guard targets.count <= Self.mostTargets else {
            throw TUFError(.memberInvalid, "\(targets.count) targets are more than \(Self.mostTargets)")
        }
        self.targets = targets
        delegations = try envelope.signed["delegations"].map { value throws(TUFError) in
            try Delegations(value, profile: envelope.profile)
        }
        let checked = targets.document.withContents { contents in
            Result { () throws(TUFError) in try TargetsCheck.run(contents, targets.position) }
        }
        sorted = try checked.get() ? nil : Self.sort(targets)
    }

    /// How many targets there are.
    public var count: Int { targets.count }

    /// The target `name`, compared by its bytes; nil when there is none.
    public func target(named name: String) throws(TUFError) -> TargetFile? {
        var name = name
        name.makeContiguousUTF8()
        let position = targets.document.withContents { contents in
            name.utf8.withContiguousStorageIfAvailable { TargetsCheck.find($0, in: contents, targets.position, sorted: sorted) } ?? nil
        }
        guard let position else { return nil }
        return try TargetFile(name: name, targets.document.element(at: position + 1))
    }

    /// All targets, in the order of the file.
    public func files() throws(TUFError) -> [TargetFile] {
        var files: [TargetFile] = []
        files.reserveCapacity(targets.count)
        for (name, value) in targets.members ?? [] { files.append(try TargetFile(name: name, value)) }
        return files
    }

    private static func sort(_ targets: JSONElement) -> [Int] {
        let names = targets.document.withContents { contents in
            var names: [(bytes: [UInt8], position: Int)] = []
            var position = contents.inside(targets.position)
            for _ in 0..<contents.count(targets.position) {
                names.append((Array((targets.document.element(at: position).string ?? "").utf8), position))
                position = contents.behind(position + 1)
            }
            return names
        }
        return names.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }.map(\.position)
    }
}
