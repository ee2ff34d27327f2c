/// A TUF file that a device may ask for: `timestamp.json`, `snapshot.json`, `targets.json` or `N.root.json`.
public enum MetadataFile: Hashable, Sendable {
    case timestamp
    case snapshot
    case targets
    case root(version: Int)

    /// Nil when `name` is none of them.
    public init?(fileName name: some StringProtocol) {
        switch name {
        case "timestamp.json": self = .timestamp
        case "snapshot.json": self = .snapshot
        case "targets.json": self = .targets
        default:
            // Canonical decimal only: `01.root.json` names no other file than `1.root.json`, so it names none.
            guard name.hasSuffix(".root.json"), let version = Int(name.dropLast(10)), version > 0,
                String(version) == name.dropLast(10)
            else { return nil }
            self = .root(version: version)
        }
    }

    public var fileName: String {
        switch self {
        case .timestamp: "timestamp.json"
        case .snapshot: "snapshot.json"
        case .targets: "targets.json"
        case .root(let version): "\(version).root.json"
        }
    }
}
