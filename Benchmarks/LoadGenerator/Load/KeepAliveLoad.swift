import NIOCore
import NIOPosix
import NIOSSL

/// Opens connections on one or more event loops, warms them up, and lets workloads run over them.
struct KeepAliveLoad {
    let connections: Int
    private let group: MultiThreadedEventLoopGroup
    private let loops: [NIOLoopBound<LoadLoop>]

    /// Opens all connections; fails when one of them cannot be opened.
    static func open(
        _ connections: Int,
        threads: Int,
        connector: TLSConnector,
        contexts: [NIOSSLContext]
    ) async throws -> KeepAliveLoad {
        try OpenFileLimit.raise(forConnections: connections)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
        var loops: [NIOLoopBound<LoadLoop>] = []
        for _ in 0..<threads {
            let eventLoop = group.next()
            let loop = eventLoop.submit {
                NIOLoopBound(LoadLoop(eventLoop: eventLoop, connector: connector, contexts: contexts), eventLoop: eventLoop)
            }
            loops.append(try await loop.get())
        }
        let load = KeepAliveLoad(connections: connections, group: group, loops: loops)
        do {
            try await load.onEveryLoop { index, loop in loop.open(stride(from: index, to: connections, by: threads)) }
        } catch {
            try? await group.shutdownGracefully()
            throw LoadError(code: .cannotConnect, message: "a connection could not be opened: \(error)")
        }
        return load
    }

    /// Runs the requests over all connections; each loop has its part of the limits.
    func run(_ requests: [HTTPRequest], limits: LoadLimits, expectedStatus: Int = 200) async throws -> Tally {
        let step = requests.count / loops.count
        return try await run(limits: limits, expectedStatus: expectedStatus) { CyclingRequests(requests, startingAt: $0 * step) }
    }

    /// The same with a source of requests per event loop.
    func run(limits: LoadLimits, expectedStatus: Int, source: @escaping @Sendable (Int) -> any RequestSource) async throws -> Tally {
        let tallies = try await onEveryLoop { [count = loops.count] index, loop in
            loop.run(source(index), limits: limits.part(index, of: count), expectedStatus: expectedStatus)
        }
        return tallies.reduce(into: Tally()) { $0.merge($1) }
    }

    func openConnections() async throws -> Int {
        try await onEveryLoop { _, loop in loop.eventLoop.makeSucceededFuture(loop.openConnections) }.reduce(0, +)
    }

    func close() async throws { try await group.shutdownGracefully() }

    @discardableResult
    private func onEveryLoop<Value: Sendable>(
        _ body: @escaping @Sendable (Int, LoadLoop) -> EventLoopFuture<Value>
    ) async throws -> [Value] {
        let futures = loops.enumerated().map { index, loop in
            loop.eventLoop.flatSubmit { body(index, loop.value) }
        }
        return try await EventLoopFuture.whenAllSucceed(futures, on: group.next()).get()
    }
}
