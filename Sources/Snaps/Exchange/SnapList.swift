/// All snaps of a device, with the hashes that stand for them when it says so (version 2).
public struct SnapList: Codable, Equatable, Sendable {
    public let snapListHash: String?
    public let installedSnapsHash: String?
    public let snaps: [ListedSnap]

    /// Snaps in one list.
    public static let most = 1000

    public init(hashes: SnapHashes?, snaps: [ListedSnap]) {
        snapListHash = hashes?.list
        installedSnapsHash = hashes?.names
        self.snaps = snaps
    }

    /// Nil when the agent is from before the hashes.
    public var hashes: SnapHashes? {
        let list = snapListHash ?? ""
        let names = installedSnapsHash ?? ""
        return list.isEmpty && names.isEmpty ? nil : SnapHashes(list: list, names: names)
    }

    /// Sorted, each once.
    public var names: [SnapName] { Set(snaps.map(\.name)).sorted() }
}
