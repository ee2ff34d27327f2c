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

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        snapListHash = try container.decodeIfPresent(String.self, forKey: .snapListHash)
        installedSnapsHash = try container.decodeIfPresent(String.self, forKey: .installedSnapsHash)
        snaps = try Self.snaps(in: container.nestedUnkeyedContainer(forKey: .snaps))
    }

    /// Counted before any of them is read.
    static func snaps(in container: any UnkeyedDecodingContainer) throws -> [ListedSnap] {
        var container = container
        guard container.count ?? 0 <= most else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "more than \(most) snaps")
        }
        var snaps: [ListedSnap] = []
        while !container.isAtEnd { snaps.append(try container.decode(ListedSnap.self)) }
        return snaps
    }

    /// Whether every snap that names a device names this one.
    public func isOf(_ device: String) -> Bool { snaps.allSatisfy { ($0.deviceId ?? "").isEmpty || $0.deviceId == device } }

    /// Nil when the agent is from before the hashes.
    public var hashes: SnapHashes? {
        let list = snapListHash ?? ""
        let names = installedSnapsHash ?? ""
        return list.isEmpty && names.isEmpty ? nil : SnapHashes(list: list, names: names)
    }

    /// Sorted, each once.
    public var names: [SnapName] { Set(snaps.map(\.name)).sorted() }
}
