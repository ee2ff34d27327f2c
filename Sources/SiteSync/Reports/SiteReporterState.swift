import FileTree
import Foundation
import Glibc

/// `site/report-state.json`.
struct SiteReporterState: Sendable {
    static let name = "report-state.json"
    private static let largest = 64 << 20

    private static let lockName = "report.lock"

    let folder: Directory

    /// One change at a time: a command may take an acknowledgement in while the server makes a report.
    func whileLocked<Value>(_ body: () throws -> Value) throws -> Value {
        let lock = try folder.openForWriting(Self.lockName, mode: 0o600)
        while flock(lock.number, LOCK_EX) != 0 {
            guard errno == EINTR else { throw FileTreeError(errno: errno, doing: "lock", at: "site/\(Self.lockName)") }
        }
        defer { withExtendedLifetime(lock) {} }
        return try body()
    }

    func load() throws -> SiteReporterProgress {
        guard folder.entry(Self.name) != nil else { return SiteReporterProgress() }
        do {
            return try JSONDecoder().decode(SiteReporterProgress.self, from: Data(folder.contents(of: Self.name, limit: Self.largest)))
        } catch let error as FileTreeError {
            throw error
        } catch {
            throw BundleError(
                .stateDamaged,
                "site/\(Self.name) cannot be read; remove it: the next report then holds all lines again, and upstream takes each once")
        }
    }

    func save(_ progress: SiteReporterProgress) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try folder.replace(Self.name, with: try encoder.encode(progress), mode: 0o600)
    }
}
