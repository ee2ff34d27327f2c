import DeviceAuth
import FileTree
import Fleet
import FleetTesting
import Foundation
import Logging
import Synchronization
import UpdateTree

@testable import Gateway

/// A real gateway on a port of its own, with real certificates and the stand-ins of this folder behind it.
///
/// ```swift
/// try await GatewayWorld.run(inventories: …) { world in
///     let site = try world.site("plant-2", "ci/main")
///     let answer = try await site.get("/site/v1/updates")
/// }
/// ```
final class GatewayWorld: Sendable {
    let folder: String
    let pki: CertificateDirectory
    let certificates: CertificateStore
    let devices = RecordedDevices()
    let snapCatalogue = SnapCatalogue()
    let services: GatewayServices
    let snaps: RequiredSnaps
    private let address = Mutex("")

    /// The server's clock: what is added to the real one, in seconds.
    private let shift: Shift

    final class Shift: Sendable {
        private let seconds = Mutex<Int64>(0)
        func set(_ value: Int64) { seconds.withLock { $0 = value } }
        private let standing = Mutex<Int64?>(nil)
        /// From now on the clock stands still.
        func stand(at second: Int64) { standing.withLock { $0 = second } }
        func now() -> Int64 { standing.withLock { $0 } ?? seconds.withLock { $0 } + Int64(Date().timeIntervalSince1970) }
    }

    init(inventories: (any UpdateInventories)? = nil, reports: (any SiteReports)? = nil) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("gateway-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder + "/updates", withIntermediateDirectories: true)
        pki = CertificateDirectory(folder + "/certs")
        try pki.initialise(factory: FactoryName("acme"), serverNames: [ServerName("localhost")], now: .now)
        certificates = try CertificateStore(certificates: pki.path, now: .now)
        let shift = Shift()
        self.shift = shift
        let now: @Sendable () -> Int64 = { shift.now() }
        let registry = try DeviceRegistry(repository: devices, policy: .open, now: now)
        let board = RolloutBoard()
        let rollouts = RolloutOperations(
            repository: NoRollouts(), ledger: ForgottenReports(), registry: registry, board: board,
            updates: RolloutUpdates(exists: { _ in true }), now: now)
        snaps = try RequiredSnaps(repository: MemorySnaps(), registry: registry, shelves: snapCatalogue, now: now)
        services = GatewayServices(
            registry: registry, intake: ReportIntake(store: ForgottenReports(), registry: registry, rollouts: rollouts), board: board,
            configurations: try Configurations(repository: MemoryConfigurations(), registry: registry, now: now),
            snaps: snaps.exchange(over: .https), updates: try Directory(path: folder + "/updates"), served: ServedUpdates(policy: .any),
            snapCatalogue: snapCatalogue,
            registryTokens: try RegistryTokens.load(dataDirectory: Directory(path: folder)), inventories: inventories,
            siteReports: reports, now: now)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func setClock(ahead seconds: Int64) { shift.set(seconds) }

    func stopClock(at second: Int64) { shift.stand(at: second) }
    var now: Int64 { shift.now() }

    /// Starts the server, hands it to `body`, and ends it.
    static func run(
        inventories: (any UpdateInventories)? = nil, reports: (any SiteReports)? = nil, limits: GatewayLimits = GatewayLimits(),
        _ body: @Sendable (GatewayWorld) async throws -> Void
    ) async throws {
        let world = try GatewayWorld(inventories: inventories, reports: reports)
        let (listening, started) = AsyncStream.makeStream(of: String.self)
        let (ended, end) = AsyncStream.makeStream(of: Never.self)
        let server = GatewayServer(
            services: world.services, limits: limits, certificates: world.certificates, certificateFolder: world.pki.path, threads: 1,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                defer { started.finish() }
                try await server.run(
                    host: "127.0.0.1", port: 0, onListening: { started.yield($0) }, until: { for await _ in ended {} })
            }
            for await address in listening {
                world.address.withLock { $0 = address.replacingOccurrences(of: "127.0.0.1", with: "localhost") }
                break
            }
            let outcome: Result<Void, any Error>
            do { outcome = .success(try await body(world)) } catch { outcome = .failure(error) }
            end.finish()
            try await tasks.waitForAll()
            try outcome.get()
        }
    }

    private func curl(_ credentials: String?) -> Curl {
        Curl(url: "https://" + address.withLock { $0 }, root: pki.path + "/root.crt", credentials: credentials)
    }

    var anonymous: Curl { curl(nil) }

    func site(_ name: String, _ grants: String...) throws -> Curl {
        let folder = "\(folder)/site-\(UUID().uuidString)"
        try pki.issueSite(SiteName(name), grants: grants.map { try SiteGrant($0) }, now: .now).write(to: folder)
        return curl(folder)
    }

    func device(_ name: String) throws -> Curl {
        let folder = "\(folder)/device-\(UUID().uuidString)"
        try pki.issueDevice(DeviceID(name), isProduction: false, now: .now).write(to: folder)
        return curl(folder)
    }

    /// Writes a file below `updates/`.
    func write(_ path: String, _ content: some Sequence<UInt8>) throws {
        let url = URL(fileURLWithPath: "\(folder)/updates/\(path)")
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(content).write(to: url)
    }
}
