/// One snap of an update's `snaps/` or of a pool, as its index tells: `<name>_<revision>.snap` with `<name>_<revision>.assert`.
public struct SnapFile: Codable, Equatable, Sendable {
    public let name: SnapName
    public let revision: SnapRevision
    /// Such as `amd64`, or `all`.
    public let architecture: String
    /// The base that an app needs, such as `core22`; nil for one that needs `core`, or none.
    public let base: SnapName?
    public let kind: SnapKind
    /// Needs classic confinement.
    public let isClassic: Bool
    public let digest: SnapDigest
    /// Bytes of the `.snap`.
    public let size: Int64

    enum CodingKeys: String, CodingKey {
        case name, revision, base, size
        case architecture = "arch"
        case kind = "type"
        case isClassic = "classic"
        case digest = "sha3-384"
    }

    public init(
        name: SnapName, revision: SnapRevision, architecture: String, base: SnapName?, kind: SnapKind, isClassic: Bool,
        digest: SnapDigest, size: Int64
    ) {
        self.name = name
        self.revision = revision
        self.architecture = architecture
        self.base = base
        self.kind = kind
        self.isClassic = isClassic
        self.digest = digest
        self.size = size
    }

    /// Without its ending.
    public var fileName: String { "\(name)_\(revision)" }
}
