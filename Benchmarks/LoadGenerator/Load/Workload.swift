import NIOCore

/// The requests still to be sent on one event loop and what came of those that were.
///
/// Lanes (an HTTP/1.1 connection, or one stream slot of an HTTP/2 connection) take a request, report its response, and take the next until `take` answers
/// nil. Everything happens on one event loop, hence no locks.
final class Workload {
    private let expectedStatus: Int
    private let promise: EventLoopPromise<Tally>
    private var source: any RequestSource
    private var remaining: Int
    private var lanes: Int
    private var inFlight = 0
    private var deadline: NIODeadline?
    private var timeout: Scheduled<Void>?
    private var isFinished = false
    private(set) var tally = Tally()

    var result: EventLoopFuture<Tally> { promise.futureResult }

    init(eventLoop: any EventLoop, source: any RequestSource, limits: LoadLimits, expectedStatus: Int, lanes: Int) {
        self.promise = eventLoop.makePromise()
        self.source = source
        self.remaining = limits.count
        self.expectedStatus = expectedStatus
        self.lanes = lanes
        self.deadline = limits.duration.map { .now() + $0 }
        self.timeout = eventLoop.assumeIsolated().scheduleTask(in: limits.timeout) { [weak self] in self?.giveUp() }
        if lanes == 0 { finish() }
    }

    /// The next request, or nil when the lane has nothing more to do; it then calls `laneEnded`.
    func take() -> HTTPRequest? {
        guard remaining > 0, !isFinished else { return nil }
        if let deadline, NIODeadline.now() >= deadline { return nil }
        remaining -= 1
        inFlight += 1
        return source.next()
    }

    func recordResponse(to request: HTTPRequest, status: Int, bodyBytes: Int, sent: NIODeadline) {
        guard !isFinished else { return }
        inFlight -= 1
        let elapsed = (NIODeadline.now() - sent).nanoseconds
        tally.recordResponse(status: status, bodyBytes: bodyBytes, nanoseconds: UInt64(max(0, elapsed)))
        if status != expectedStatus { tally.recordError("status \(status)") }
        if let expected = request.expectedLength, status == expectedStatus, expected != bodyBytes {
            tally.recordError("body of \(bodyBytes) bytes instead of \(expected)")
        }
    }

    func recordFailure(_ reason: String) {
        guard !isFinished else { return }
        inFlight -= 1
        tally.recordError(reason)
    }

    func laneEnded() {
        lanes -= 1
        if lanes == 0 { finish() }
    }

    private func giveUp() {
        tally.recordError("no answer before the time limit", count: inFlight)
        finish()
    }

    private func finish() {
        guard !isFinished else { return }
        isFinished = true
        timeout?.cancel()
        if deadline == nil { tally.recordError("not sent, every connection was lost or too slow", count: remaining) }
        promise.succeed(tally)
    }
}
