import UpdateTree

/// What one sync did, update by update.
public struct SyncReport: Codable, Sendable {
    public struct Entry: Codable, Sendable {
        /// `CHANNEL/TAG/NAME`.
        public let update: String
        public let outcome: Outcome
        /// Why, when it was not brought over: a slug and a sentence.
        public var reason: String?
        /// What its check found, when it was refused.
        public var findings: [Finding]?
        /// Bytes that came over the line.
        public var bytesFetched: Int64 = 0
        /// Bytes that were here already.
        public var bytesShared: Int64 = 0
    }

    public enum Outcome: String, Codable, Sendable, CaseIterable {
        case fetched
        case unchanged
        case refused
        case failed
        /// Removed, because the upstream lists it no more.
        case removed
        /// The upstream lists it no more, and devices are still assigned to it.
        case kept
    }

    public internal(set) var updates: [Entry] = []
    /// Selected tags of which the upstream lists nothing.
    public internal(set) var unmatched: [String] = []

    public init() {}

    public var bytesFetched: Int64 { updates.reduce(0) { $0 + $1.bytesFetched } }
    public var bytesShared: Int64 { updates.reduce(0) { $0 + $1.bytesShared } }
    public var isComplete: Bool { !updates.contains { $0.outcome == .failed || $0.outcome == .refused } }

    public func count(_ outcome: Outcome) -> Int { updates.count { $0.outcome == outcome } }
}
