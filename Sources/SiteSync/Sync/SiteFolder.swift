import FileTree
import Foundation
import UpdateTree

/// `site/` of a data directory: the lock by which one sync at a time runs, and what is known of the last one.
public struct SiteFolder: Sendable {
    private static let name = "site"
    private static let statusName = "status.json"
    private static let largest = 64 << 20

    private let root: Directory

    public static func open(in data: Directory) throws(SiteSyncError) -> SiteFolder {
        SiteFolder(root: try storage { () throws(FileTreeError) in try data.makeDirectory(name, mode: 0o700) })
    }

    /// Nil when no sync ran yet. Throws when the file is there and cannot be read.
    public func status() throws(SiteSyncError) -> SiteStatus? {
        guard root.entry(Self.statusName) != nil else { return nil }
        let bytes = try storage { () throws(FileTreeError) in try root.contents(of: Self.statusName, limit: Self.largest) }
        do {
            return try JSONDecoder().decode(SiteStatus.self, from: Data(bytes))
        } catch {
            throw SiteSyncError(.storage, "\(root.path)/\(Self.statusName) cannot be read; remove it, the next sync writes it anew")
        }
    }

    func keep(_ status: SiteStatus) throws(SiteSyncError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        guard let bytes = try? encoder.encode(status) else { throw SiteSyncError(.storage, "the status of the sync cannot be written") }
        try storage { () throws(FileTreeError) in try root.replace(Self.statusName, with: bytes) }
    }

    /// Held as long as the descriptor is.
    func lock() throws(SiteSyncError) -> Descriptor {
        do { return try root.lock("lock") } catch {
            guard error.code == .inUse else { throw SiteSyncError(.storage, error.message) }
            throw SiteSyncError(.busy, "another sync works on this data directory; wait until it has ended")
        }
    }
}

private func storage<Value>(_ body: () throws(FileTreeError) -> Value) throws(SiteSyncError) -> Value {
    do { return try body() } catch { throw SiteSyncError(.storage, error.message) }
}
