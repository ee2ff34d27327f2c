import NIOCore
import NIOPosix
import NIOSSL

/// One measured run of `ConnectionPerRequest` on an event loop of its own.
struct FreshConnectionsRun: Sendable {
    var connector: TLSConnector
    var contexts: [NIOSSLContext]
    var request: HTTPRequest
    var limits: LoadLimits
    var expectedStatus: Int
    var concurrency: Int

    func measure(watching processes: [Int]) async throws -> (Tally, Measurement) {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let eventLoop = group.next()
        var measured = try Measurement.begin(watching: processes)
        let tally = try await eventLoop.flatSubmit {
            ConnectionPerRequest(
                eventLoop: eventLoop,
                connector: connector,
                contexts: contexts,
                request: request,
                limits: limits,
                expectedStatus: expectedStatus
            ).run(concurrency: concurrency)
        }.get()
        try measured.end()
        try await group.shutdownGracefully()
        return (tally, measured)
    }
}
