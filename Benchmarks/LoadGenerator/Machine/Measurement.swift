import NIOCore

/// Elapsed time and processor time of this process and of watched ones between `begin` and `end`.
struct Measurement: Sendable {
    private let watched: [Int]
    private let started: NIODeadline
    private let ownAtStart: Double
    private let watchedAtStart: Double
    private(set) var seconds = 0.0
    private(set) var ownCPUSeconds = 0.0
    private(set) var watchedCPUSeconds: Double?

    private init(watching processes: [Int]) throws {
        watched = processes
        watchedAtStart = try ProcessorTime.of(processes)
        ownAtStart = ProcessorTime.own()
        started = .now()
    }

    static func begin(watching processes: [Int]) throws -> Measurement {
        try Measurement(watching: processes)
    }

    mutating func end() throws {
        seconds = Double((NIODeadline.now() - started).nanoseconds) / 1e9
        ownCPUSeconds = ProcessorTime.own() - ownAtStart
        if !watched.isEmpty { watchedCPUSeconds = try ProcessorTime.of(watched) - watchedAtStart }
    }
}
