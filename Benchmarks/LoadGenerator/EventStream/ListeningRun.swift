import NIOCore
import NIOPosix
import NIOSSL

/// Sends events one after the other over one device connection and waits for the listeners between them. Used on one event loop only.
final class ListeningRun {
    private let eventLoop: any EventLoop
    let probe: DelayProbe
    private let pause: TimeAmount
    private let patience: TimeAmount
    private var events: DeviceEvents
    private var sender: (any LoadClient)?
    private(set) var tally = Tally()

    init(eventLoop: any EventLoop, probe: DelayProbe, events: DeviceEvents, pause: TimeAmount, patience: TimeAmount) {
        self.eventLoop = eventLoop
        self.probe = probe
        self.events = events
        self.pause = pause
        self.patience = patience
    }

    /// Opens the streams one by one, so that a server is not asked for hundreds at once, and the sender last.
    func open(listeners: Int, at address: SocketAddress, request: EventStreamRequest, sender: EventLoopFuture<NIOLoopBound<any LoadClient>>)
        -> EventLoopFuture<Void>
    {
        guard listeners > 0 else {
            return sender.assumeIsolated().map { self.sender = $0.value }.nonisolated()
        }
        return openListener(at: address, request: request).assumeIsolated()
            .flatMap { self.open(listeners: listeners - 1, at: address, request: request, sender: sender) }
            .nonisolated()
    }

    func run(count: Int) -> EventLoopFuture<Void> {
        guard count > 0, let sender else { return eventLoop.makeSucceededVoidFuture() }
        let event = events.makeEvent()
        let heard = probe.begin(identifier: event.id, patience: patience)
        let limits = LoadLimits(count: 1, duration: nil, timeout: patience)
        let source = CyclingRequests([event.request])
        let workload = Workload(eventLoop: eventLoop, source: source, limits: limits, expectedStatus: 200, lanes: sender.lanes)
        sender.run(workload)
        return workload.result.assumeIsolated()
            .map { self.tally.merge($0) }
            .flatMap { heard }
            .flatMap { self.eventLoop.scheduleTask(in: self.pause) {}.futureResult }
            .flatMap { self.run(count: count - 1) }
            .nonisolated()
    }

    private func openListener(at address: SocketAddress, request: EventStreamRequest) -> EventLoopFuture<Void> {
        let listening = eventLoop.makePromise(of: Void.self)
        let probe = NIOLoopBound(probe, eventLoop: eventLoop)
        let opened = ClientBootstrap(group: eventLoop).channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                let listener = EventStreamListener(
                    path: request.path,
                    authority: request.authority,
                    token: request.token,
                    probe: probe.value,
                    listening: listening
                )
                try channel.pipeline.syncOperations.addHandler(listener)
            }
        }.connect(to: address)
        opened.whenFailure { listening.fail($0) }
        return opened.flatMap { _ in listening.futureResult }
    }
}
