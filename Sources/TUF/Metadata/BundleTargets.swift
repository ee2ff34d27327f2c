import StrictJSON

/// What an offline bundle states of itself (`bundle-targets.json`): for which channel and tag, with which targets.
public struct BundleTargets: Equatable, Sendable {
    public let common: RoleHeader
    /// `ci` or `prod`.
    public let channel: String
    public let tag: String
    public let targets: [String]

    static let member: StaticString = "x-fio-offline-bundle"

    /// Reads the bytes and throws unless enough of `keys` signed them.
    public init(parsing bytes: [UInt8], signedBy keys: RoleKeys) throws(TUFError) {
        let envelope = try Envelope(parsing: bytes, as: .targets)
        try envelope.verify(by: keys)
        common = try RoleHeader(envelope)
        guard let bundle = envelope.signed[Self.member], let channel = bundle["type"]?.string, let tag = bundle["tag"]?.string,
            let targets = bundle["targets"]?.elements
        else { throw TUFError(.memberMissing, "bundle-targets.json needs \(Self.member) with type, tag and targets") }
        self.channel = channel
        self.tag = tag
        var names: [String] = []
        for target in targets {
            guard let name = target.string else { throw TUFError(.memberInvalid, "a target of the bundle is no text") }
            names.append(name)
        }
        self.targets = names
    }
}
