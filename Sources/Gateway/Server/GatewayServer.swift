import Fleet
import Foundation
import Logging
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// The device-facing listener: HTTP/1.1 and HTTP/2 over mutual TLS on one port.
public final class GatewayServer: Sendable {
    private let services: GatewayServices
    private let limits: GatewayLimits
    private let certificates: CertificateStore
    private let certificateFolder: String
    private let logger: Logger
    private let group: MultiThreadedEventLoopGroup
    private let pool: NIOThreadPool
    private let loops: [LoopContext]
    private let connectionCount = Atomic<Int>(0)

    /// - Parameters:
    ///   - certificateFolder: the path of `DATADIR/certs`, watched for changes.
    ///   - threads: event loops.
    public init(
        services: GatewayServices, limits: GatewayLimits, certificates: CertificateStore, certificateFolder: String,
        threads: Int = System.coreCount, logger: Logger
    ) {
        self.services = services
        self.limits = limits
        self.certificates = certificates
        self.certificateFolder = certificateFolder
        self.logger = logger
        group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
        let pool = NIOThreadPool(numberOfThreads: 4)
        pool.start()
        self.pool = pool
        loops = group.makeIterator().map { loop in
            LoopContext(
                loop: loop, services: services, limits: limits, certificates: certificates, pool: pool, logger: logger)
        }
    }

    /// Listens until `stop` returns, then lets downloads finish and writes what waits.
    ///
    /// - Parameters:
    ///   - port: 0 picks one.
    ///   - onListening: told the host and port when connections are taken.
    public func run(
        host: String, port: Int, onListening: @Sendable (String) -> Void, until stop: @Sendable () async -> Void
    ) async throws {
        let listener: any Channel
        do {
            listener = try await bootstrap().bind(host: host, port: port).get()
        } catch {
            try? await group.shutdownGracefully()
            throw GatewayError(
                .addressUnusable, "cannot listen on \(host):\(port): \(error); choose another --gateway-address")
        }
        let sweeps = loops.map { loop in
            loop.loop.scheduleRepeatedTask(initialDelay: .seconds(1), delay: .seconds(1)) { _ in loop.sweep() }
        }
        onListening("\(host.contains(":") ? "[\(host)]" : host):\(listener.localAddress?.port ?? port)")
        let watch = CertificateWatch(folder: certificateFolder, store: certificates, logger: logger)
        await withTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await watch.run() }
            tasks.addTask { await self.writeCheckIns() }
            await stop()
            tasks.cancelAll()
        }
        try? await listener.close()
        await drain()
        for sweep in sweeps { sweep.cancel() }
        await saveCheckIns()
        try await group.shutdownGracefully()
        try await pool.shutdownGracefully()
    }

    private func bootstrap() -> ServerBootstrap {
        let loops = Dictionary(uniqueKeysWithValues: loops.map { (ObjectIdentifier($0.loop), $0) })
        return ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 4096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.writeBufferWaterMark, value: .init(low: FilePump.piece, high: 2 * FilePump.piece))
            .childChannelInitializer { [self] channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let loop = loops[ObjectIdentifier(channel.eventLoop)] else { throw ChannelError.unknownLocalAddress }
                    try accept(channel, loop)
                }
            }
    }

    private func accept(_ channel: any Channel, _ loop: LoopContext) throws {
        let count = connectionCount.add(1, ordering: .relaxed).newValue
        channel.closeFuture.whenComplete { _ in self.connectionCount.subtract(1, ordering: .relaxed) }
        guard count <= limits.connections else {
            logger.warning("connection_cap_reached", metadata: ["connections": "\(count)"])
            throw GatewayError(.addressUnusable, "there are \(limits.connections) connections already")
        }
        let handshake = HandshakeIdentity()
        let tls = NIOSSLServerHandler(context: loop.current.context) { chain, promise in
            promise.succeed(handshake.verify(chain, loop))
        }
        try channel.pipeline.syncOperations.addHandler(tls)
        try channel.pipeline.syncOperations.addHandler(ConnectionGate(loop: loop, handshake: handshake))
    }

    /// Writes behind once a second, so nothing is more than two seconds late.
    private func writeCheckIns() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(1))
            await saveCheckIns()
        }
    }

    private func saveCheckIns() async {
        var records: [CheckInRecord] = []
        for loop in loops {
            records += (try? await loop.loop.submit { loop.takeCheckIns() }.get()) ?? []
        }
        guard !records.isEmpty else { return }
        do {
            try await services.registry.save(records)
        } catch {
            logger.error("check_ins_not_stored", metadata: ["count": "\(records.count)", "reason": "\(error)"])
            // They go with the next round: the directory in memory holds what they say.
            for record in records {
                guard let entry = services.registry.directory[record.state.id], let loop = loops.first else { continue }
                loop.loop.execute { loop.noteChange(of: entry) }
            }
        }
    }

    private func drain() async {
        for loop in loops { try? await loop.loop.submit { loop.drain() }.get() }
        let deadline = NIODeadline.now() + limits.drainTime
        while connectionCount.load(ordering: .relaxed) > 0, NIODeadline.now() < deadline {
            try? await Task.sleep(for: .milliseconds(20))
        }
        for loop in loops { try? await loop.loop.submit { loop.closeAll() }.get() }
    }
}
