import Snaps

/// The snaps that the device's model requires, and how far their installation has come.
public struct RequiredInstallRecord: Codable, Equatable, Sendable {
    public enum Phase: Codable, Equatable, Sendable {
        /// Which ones are missing is to be looked up.
        case looking
        /// Files are fetched and checked, their assertions handed to snapd.
        case preparing([SnapName])
        case installing([SnapName], Undertaking)
        /// snapd says that these are there.
        case checking([SnapName])
    }

    public let id: String
    /// In the order of their installation.
    public let snaps: [RequiredSnap]
    public var phase: Phase
    /// Files that are on the disk and were checked.
    public var fetched: [SnapDigest] = []
    /// Files whose assertions snapd has.
    public var acknowledged: [SnapDigest] = []
    /// All files in one transaction, until one of those failed.
    public var isTogether = true
    /// Tried in this round without success, each with the reason.
    public var problems: [Problem] = []
    /// What the server was told last.
    public var reported: String?
    public var attempt = 0
    /// Milliseconds since 1970.
    public var notBefore: Int64 = 0

    /// A snap and what went wrong with it.
    public struct Problem: Codable, Equatable, Sendable {
        public let snap: SnapName
        public let words: String
    }

    public init(id: String, snaps: [RequiredSnap]) {
        self.id = id
        self.snaps = snaps
        phase = .looking
    }

    public func snap(_ name: SnapName) -> RequiredSnap? { snaps.first { $0.name == name } }

    /// The change that snapd has begun, or may have begun; nil when there is none.
    var underWay: Phase? {
        guard case .installing(_, let undertaking) = phase else { return nil }
        return switch undertaking {
        case .running, .unsure: phase
        case .planned, .begun: nil
        }
    }

    /// The ones to install next out of those that are missing: files before the store, which may be out of reach.
    func batch(of missing: [SnapName]) -> [SnapName] {
        let files = missing.filter { snap($0).map { $0.digest != nil && !$0.classic } ?? false }
        if !files.isEmpty { return isTogether ? files : Array(files.prefix(1)) }
        let alone = missing.first { snap($0)?.digest != nil } ?? missing.first
        return alone.map { [$0] } ?? []
    }
}
