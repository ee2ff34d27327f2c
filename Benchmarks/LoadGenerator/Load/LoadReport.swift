import Foundation

/// The one line of JSON that a command prints.
struct LoadReport: Encodable {
    struct Milliseconds: Encodable {
        var p50: Double
        var p90: Double
        var p99: Double
        var max: Double

        init(_ histogram: LatencyHistogram) {
            p50 = Self.rounded(histogram.percentile(0.5))
            p90 = Self.rounded(histogram.percentile(0.9))
            p99 = Self.rounded(histogram.percentile(0.99))
            max = Self.rounded(histogram.maximum)
        }

        private static func rounded(_ nanoseconds: UInt64) -> Double {
            (Double(nanoseconds) / 1000).rounded() / 1000
        }
    }

    var command: String
    var connections: Int
    var requests: Int
    var errors: Int
    var errorReasons: [String: Int]
    var statuses: [String: Int]
    var bytes: Int
    var seconds: Double
    var rps: Double
    var latencyMilliseconds: Milliseconds
    /// Processor seconds of the load generator itself while the clock ran.
    var ownCPUSeconds: Double
    /// Processor seconds of the watched processes while the clock ran; nil when none were named.
    var watchedCPUSeconds: Double?

    init(command: String, connections: Int, tally: Tally, measured: Measurement) {
        self.command = command
        self.connections = connections
        requests = tally.requests
        errors = tally.errorCount
        errorReasons = tally.errors
        statuses = Dictionary(uniqueKeysWithValues: tally.statuses.map { (String($0.key), $0.value) })
        bytes = tally.bodyBytes
        seconds = measured.seconds
        rps = measured.seconds > 0 ? (Double(tally.requests) / measured.seconds * 10).rounded() / 10 : 0
        latencyMilliseconds = Milliseconds(tally.latencies)
        ownCPUSeconds = measured.ownCPUSeconds
        watchedCPUSeconds = measured.watchedCPUSeconds
    }
}
