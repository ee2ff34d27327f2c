import NIOCore

/// Measures how long an event takes from being sent to each listener. One event is under way at a time; used on one event loop.
final class DelayProbe {
    private let eventLoop: any EventLoop
    private let listeners: Int
    /// What marks an event of the stream that does not carry the device event's id.
    private let match: String
    private var sending = -1
    private var identifier = ""
    private var sent = NIODeadline.now()
    private var waiting = 0
    private var promise: EventLoopPromise<Void>?
    private(set) var delays = LatencyHistogram()
    private(set) var missing = 0
    private(set) var matchedByIdentifier = 0

    init(eventLoop: any EventLoop, listeners: Int, match: String) {
        self.eventLoop = eventLoop
        self.listeners = listeners
        self.match = match
    }

    /// Starts the clock for an event; the future succeeds when every listener has it or `patience` has passed.
    func begin(identifier: String, patience: TimeAmount) -> EventLoopFuture<Void> {
        let promise = eventLoop.makePromise(of: Void.self)
        sending += 1
        self.identifier = identifier
        waiting = listeners
        sent = .now()
        self.promise = promise
        let number = sending
        let timeout = eventLoop.assumeIsolated().scheduleTask(in: patience) { [weak self] in self?.giveUp(number) }
        promise.futureResult.assumeIsolated().whenComplete { _ in timeout.cancel() }
        return promise.futureResult
    }

    /// - Returns: the number of the sending that this listener has now received.
    func received(_ event: String, after last: Int) -> Int {
        guard last < sending, promise != nil else { return last }
        let bearsIdentifier = event.contains(identifier)
        guard bearsIdentifier || event.contains(match) else { return last }
        delays.record(UInt64(max(0, (NIODeadline.now() - sent).nanoseconds)))
        if bearsIdentifier { matchedByIdentifier += 1 }
        waiting -= 1
        if waiting == 0 { complete() }
        return sending
    }

    private func giveUp(_ number: Int) {
        guard number == sending, promise != nil else { return }
        missing += waiting
        complete()
    }

    private func complete() {
        promise?.succeed()
        promise = nil
    }
}
