/// What came of the requests of one workload: counts, bytes and latencies. Tallies of several event loops are merged into one.
struct Tally: Sendable {
    private(set) var requests = 0
    private(set) var bodyBytes = 0
    private(set) var statuses: [Int: Int] = [:]
    /// Failures by reason; a request with an unexpected status or length is counted here as well as in `statuses`.
    private(set) var errors: [String: Int] = [:]
    private(set) var latencies = LatencyHistogram()

    var errorCount: Int { errors.values.reduce(0, +) }

    mutating func recordResponse(status: Int, bodyBytes: Int, nanoseconds: UInt64) {
        requests += 1
        self.bodyBytes += bodyBytes
        statuses[status, default: 0] += 1
        latencies.record(nanoseconds)
    }

    mutating func recordError(_ reason: String, count: Int = 1) {
        guard count > 0 else { return }
        errors[reason, default: 0] += count
    }

    mutating func merge(_ other: Tally) {
        requests += other.requests
        bodyBytes += other.bodyBytes
        statuses.merge(other.statuses, uniquingKeysWith: +)
        errors.merge(other.errors, uniquingKeysWith: +)
        latencies.merge(other.latencies)
    }
}
