import Foundation
import UpdateTree

/// How the last sync went, and which updates came from the upstream: `site/status.json` of the data directory.
public struct SiteStatus: Codable, Sendable {
    public var upstream: String
    /// Seconds since 1970.
    public var startedAt: Int64
    /// Nil while the sync runs, or when it was killed.
    public var endedAt: Int64?
    /// Why nothing could be done at all.
    public var error: String?
    public var report = SyncReport()
    /// Updates that are here as the upstream listed them at some time: only these are ever removed by a sync.
    public var known: [UpdateKey] = []

    public init(upstream: String, startedAt: Int64) {
        self.upstream = upstream
        self.startedAt = startedAt
    }
}
