/// Signing a root where its keys are: a file goes in, a file with one more signature comes out.
///
/// ```swift
/// let signing = try RootSigning(bytes, previous: bytesOfTheRootBefore)
/// for line in signing.summary { print(line) }
/// let signed = try signing.signed(by: [key])
/// ```
public struct RootSigning: Sendable {
    private let envelope: Envelope
    private let root: RootMetadata
    private let before: RootMetadata?

    /// `previous` is the root before this one, if it is at hand: it tells what changes.
    public init(_ bytes: [UInt8], previous: [UInt8]?) throws(TUFError) {
        envelope = try Envelope(parsing: bytes, as: .root)
        root = try RootMetadata(envelope)
        guard let previous else {
            before = nil
            return
        }
        let before = try RootMetadata(parsing: previous)
        guard before.version == root.version - 1 else {
            throw TUFError(.versionMismatch, "root \(before.version) is not the one before root \(root.version)")
        }
        self.before = before
    }

    /// What is signed, in lines to read before one agrees.
    public var summary: [String] {
        var lines = ["role         root", "version      \(root.version)", "expires      \(root.expires)"]
        for role in TopRole.allCases {
            let keys = root.keys(of: role)
            let old = before?.keys(of: role)
            let was = old.map { $0.threshold == keys.threshold ? "" : ", was \($0.threshold)" } ?? ""
            let title = role.rawValue + String(repeating: " ", count: 11 - role.rawValue.utf8.count)
            lines.append("\(title)  \(keys.threshold) of \(keys.distinctKeys.count)\(was)")
            for id in keys.keyIDs {
                let isNew = old.map { old in keys.keys[id].map { !old.keys.values.contains($0) } ?? true } ?? false
                lines.append("  \(isNew ? "added   " : "key     ")  \(id)  \(keys.keys[id]?.method.rawValue ?? "unknown")")
            }
            for id in old?.keyIDs ?? [] {
                if let key = old?.keys[id], !keys.keys.values.contains(key) { lines.append("  removed   \(id)  \(key.method.rawValue)") }
            }
        }
        if before == nil, root.version > 1 { lines.append("The root before is not at hand: what changes is not shown.") }
        return lines
    }

    /// Under which id this root, or the one before, knows a key.
    public func name(of key: PublicKey) throws(TUFError) -> String {
        if let id = root.keys(of: .root).ids(of: key).first { return id.text }
        if let id = before?.keys(of: .root).ids(of: key).first { return "\(id), of the root before" }
        return "\(try key.id(profile: envelope.profile)), which this root does not name"
    }

    /// The file with the signatures of `keys` added. A key that neither root names is refused when the one before is at
    /// hand; without it, it may be a key of that one.
    public func signed(by keys: [PrivateKey]) throws(TUFError) -> [UInt8] {
        for key in keys where before != nil || root.version == 1 {
            let known = root.keys(of: .root).distinctKeys + (before?.keys(of: .root).distinctKeys ?? [])
            guard known.contains(key.publicKey) else {
                throw TUFError(
                    .keyNotOfRole,
                    "the key \(try key.publicKey.id(profile: envelope.profile)) is none of the root's; sign with one of those shown")
            }
        }
        return try RootSignatures.add(keys, to: envelope, before: before)
    }
}
