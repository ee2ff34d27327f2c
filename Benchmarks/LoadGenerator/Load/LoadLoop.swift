import NIOCore
import NIOPosix
import NIOSSL

/// The connections that live on one event loop. Used on that loop only.
final class LoadLoop {
    let eventLoop: any EventLoop
    private let connector: TLSConnector
    private let contexts: [NIOSSLContext]
    private(set) var clients: [any LoadClient] = []

    /// Connections that one source address can have to the same server before it runs short of ports.
    private static let connectionsPerSource = 20_000
    private static let openingAtOnce = 64

    init(eventLoop: any EventLoop, connector: TLSConnector, contexts: [NIOSSLContext]) {
        self.eventLoop = eventLoop
        self.connector = connector
        self.contexts = contexts
    }

    /// The number of connections that are still there.
    var openConnections: Int { clients.count { $0.channel?.isActive == true } }

    /// Opens connections, a bounded number at a time; the first failure fails the whole.
    ///
    /// - Parameter numbers: the connection's numbers in the whole run, which choose its certificate and its source address.
    func open(_ numbers: StrideTo<Int>) -> EventLoopFuture<Void> {
        var rest = Array(numbers)[...]
        clients.reserveCapacity(rest.count)
        let openers = (0..<min(Self.openingAtOnce, rest.count)).map { _ in openNext { rest.popFirst() } }
        return EventLoopFuture.andAllSucceed(openers, on: eventLoop)
    }

    /// Runs one workload over all connections.
    func run(_ source: any RequestSource, limits: LoadLimits, expectedStatus: Int) -> EventLoopFuture<Tally> {
        let lanes = clients.reduce(0) { $0 + $1.lanes }
        let workload = Workload(eventLoop: eventLoop, source: source, limits: limits, expectedStatus: expectedStatus, lanes: lanes)
        for client in clients { client.run(workload) }
        return workload.result
    }

    private func openNext(_ take: @escaping () -> Int?) -> EventLoopFuture<Void> {
        guard let number = take() else { return eventLoop.makeSucceededVoidFuture() }
        let opened = connector.connect(on: eventLoop, context: contexts[number % contexts.count], source: Self.source(ofConnection: number))
        return opened.assumeIsolated().flatMap { client in
            self.clients.append(client.value)
            return self.openNext(take)
        }.nonisolated()
    }

    private static func source(ofConnection number: Int) -> SocketAddress? {
        let block = number / connectionsPerSource
        guard block > 0 else { return nil }
        return try? SocketAddress(ipAddress: "127.0.0.\(1 + block)", port: 0)
    }
}
