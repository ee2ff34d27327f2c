import NIOCore
import NIOSSL

/// A new connection, hence a full handshake, for every request; a bounded number at a time. Used on one event loop only.
///
/// Latency is from the call of connect to the end of the response.
final class ConnectionPerRequest {
    private let eventLoop: any EventLoop
    private let connector: TLSConnector
    private let contexts: [NIOSSLContext]
    private let request: HTTPRequest
    private let limits: LoadLimits
    private let expectedStatus: Int
    private var nextNumber = 0
    private var tally = Tally()

    init(
        eventLoop: any EventLoop,
        connector: TLSConnector,
        contexts: [NIOSSLContext],
        request: HTTPRequest,
        limits: LoadLimits,
        expectedStatus: Int
    ) {
        self.eventLoop = eventLoop
        self.connector = connector
        self.contexts = contexts
        self.request = request
        self.limits = limits
        self.expectedStatus = expectedStatus
    }

    /// Runs to the limits on `concurrency` lanes. Connection `n` presents the identity `n` modulo their number.
    func run(concurrency: Int) -> EventLoopFuture<Tally> {
        let deadline = NIODeadline.now() + (limits.duration ?? limits.timeout)
        let lanes = (0..<concurrency).map { _ in runLane(until: deadline) }
        return EventLoopFuture.andAllComplete(lanes, on: eventLoop).assumeIsolated().map {
            // Ending at the duration is what was asked for; ending at the time limit is not.
            if self.limits.duration == nil {
                self.tally.recordError("not sent before the time limit", count: self.limits.count - self.nextNumber)
            }
            return self.tally
        }.nonisolated()
    }

    private func runLane(until deadline: NIODeadline) -> EventLoopFuture<Void> {
        guard nextNumber < limits.count, NIODeadline.now() < deadline else { return eventLoop.makeSucceededVoidFuture() }
        let context = contexts[nextNumber % contexts.count]
        nextNumber += 1
        let begun = NIODeadline.now()
        return connector.connect(on: eventLoop, context: context).assumeIsolated()
            .flatMap { client in self.exchange(over: client.value) }
            .map { self.record($0, begun: begun) }
            .recover { self.tally.recordError("no connection: \(type(of: $0))") }
            .flatMap { self.runLane(until: deadline) }
            .nonisolated()
    }

    private func exchange(over client: any LoadClient) -> EventLoopFuture<Tally> {
        var once = limits
        once.count = 1
        once.duration = nil
        let source = CyclingRequests([request])
        let workload = Workload(eventLoop: eventLoop, source: source, limits: once, expectedStatus: expectedStatus, lanes: client.lanes)
        client.run(workload)
        return workload.result.assumeIsolated().map { result in
            client.channel?.close(promise: nil)
            return result
        }.nonisolated()
    }

    private func record(_ exchange: Tally, begun: NIODeadline) {
        let elapsed = UInt64(max(0, (NIODeadline.now() - begun).nanoseconds))
        for status in exchange.statuses.keys { tally.recordResponse(status: status, bodyBytes: exchange.bodyBytes, nanoseconds: elapsed) }
        for (reason, count) in exchange.errors { tally.recordError(reason, count: count) }
    }
}
