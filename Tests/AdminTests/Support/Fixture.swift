import DeviceAuth
import FileTree
import Fleet
import FleetTesting
import Foundation
import Hummingbird
import HummingbirdTesting
import OperatorAuth
import Synchronization
import Testing
import UpdateTree

@testable import Admin

/// A whole operator's side over storage in memory and updates in a temporary directory.
final class Fixture: Sendable {
    let clock = TestClock()
    let isReady = Atomic(true)
    let reloads = Atomic(0)
    let devices = MemoryDevices()
    let rolloutRows: MemoryRollouts
    let tokens = MemoryTokens()
    let log = MemoryLog()
    let reports: MemoryReports
    let registry: DeviceRegistry
    let library: UpdateLibrary
    let sites = MemorySites()
    let audit = MemoryAudit()
    let enrolments: EnrolmentDesk
    let looks = Atomic(0)
    let served = ServedUpdates(policy: .verified)
    let rollouts: RolloutOperations
    let fleetLog = MemoryFleetLog()
    let tailPlaces = TailPlaces()
    let configurations: Configurations
    let snapRows: MemorySnaps
    let snaps: RequiredSnaps
    /// May do everything.
    let token: String
    let folder: String

    init(policy: RegistrationPolicy = .open) throws {
        folder = NSTemporaryDirectory() + "admin-tests-\(UUID().uuidString)"
        let root = try Directory.make(path: folder)
        token = tokens.make(Set(Scope.allCases))
        let clock = clock
        let board = RolloutBoard()
        rolloutRows = MemoryRollouts(board: board, clock: clock)
        reports = MemoryReports(rollouts: rolloutRows)
        registry = try DeviceRegistry(repository: devices, policy: policy, log: fleetLog, now: { clock.now })
        enrolments = EnrolmentDesk(
            repository: MemoryEnrolments(), registry: registry,
            issue: { _, _ in throw FleetError(.storage, "nobody enrols here") }, noteModel: { _, _, _, _ in }, makeID: { "made" },
            now: { clock.now })
        let library = try UpdateLibrary.open(dataDirectory: root)
        self.library = library
        uploads = try Uploads.open(dataDirectory: root, largest: Self.largestUpload)
        configurations = try Configurations(repository: MemoryConfigurations(), registry: registry, now: { clock.now })
        snapRows = MemorySnaps()
        snaps = try RequiredSnaps(repository: snapRows, registry: registry, shelves: SnapCatalogue(), now: { clock.now })
        rollouts = RolloutOperations(
            repository: rolloutRows, ledger: rolloutRows, registry: registry, board: board,
            updates: RolloutUpdates(exists: { library.catalogue.contains($0) }), now: { clock.now })
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func services(verified: Bool = true) -> AdminServices {
        var services = AdminServices(
            registry: registry, reports: reports, history: reports, fleetLog: fleetLog, rollouts: rollouts,
            configurations: configurations, snaps: snaps, library: library, imports: imports(),
            tokens: tokens, sites: sites, siteReport: nil, enrolments: enrolments, audit: audit, now: { [clock] in clock.now },
            isReady: { [self] in isReady.load(ordering: .relaxed) },
            reload: { [self] in reloads.add(1, ordering: .relaxed) },
            expiries: { [Expiry(.token, subject: "b", at: 20, remedy: "x"), Expiry(.root, subject: "a", at: 10, remedy: "y")] },
            served: verified ? served : ServedUpdates(policy: .any))
        services.tailPlaces = tailPlaces
        return services
    }

    private func imports() -> ImportServices {
        ImportServices(
            uploads: uploads,
            ingest: { [library] progress in
                UpdateIngest(library: library, settings: VerificationSettings(workers: 1), progress: progress)
            },
            lookAtUpdates: { [self] in looks.add(1, ordering: .relaxed) })
    }

    static let largestUpload: Int64 = 1 << 20
    let uploads: Uploads

    func router(verified: Bool = true) -> AdminRouter {
        AdminRouter(
            services: services(verified: verified),
            access: .tokens(tokens, now: { [clock] in clock.now }))
    }

    /// Runs `body` with a client of the router.
    func serve(verified: Bool = true, _ body: @Sendable (APIClient) async throws -> Void) async throws {
        let application = Application(router: router(verified: verified).build(), logger: log.logger)
        try await application.test(.router) { try await body(APIClient(client: $0, token: token)) }
    }

    /// Puts an update there that has no content.
    func addUpdate(_ path: String) throws {
        try FileManager.default.createDirectory(atPath: "\(folder)/updates/\(path)", withIntermediateDirectories: true)
    }

    func addDevices(_ names: [String], tag: String = "main", channel: Channel = .ci) async throws {
        try await registry.preregister(names.map { try DeviceID($0) }, channel: channel, tag: Tag(tag))
    }

    /// A rollout of ci/main/42 that has started.
    func startedRollout(of names: [String]) async throws -> RolloutID {
        try addUpdate("ci/main/42")
        try await addDevices(names)
        let rollout = try await rollouts.create(UpdateKey(channel: .ci, tag: Tag("main"), name: UpdateName("42")), by: "test")
        _ = try await rollouts.add(names.map { try DeviceID($0) }, to: rollout.id)
        return try await rollouts.start(rollout.id, by: "test").id
    }

    /// What the server does every second, after so many.
    func tick(_ seconds: Int64 = 0) async {
        clock.move(by: seconds)
        let failures = await rollouts.tick()
        #expect(failures.isEmpty, "\(failures)")
    }

    /// What a device's report does to its rollout.
    func report(_ type: String, success: Bool? = nil, details: String? = nil, from device: String) async throws {
        let outcome = (success.map { ",\"success\":\($0)" } ?? "") + (details.map { ",\"details\":\"\($0)\"" } ?? "")
        let body = "[{\"id\":\"\(UUID().uuidString)\",\"eventType\":{\"id\":\"\(type)\"},\"event\":{\"ecu\":\"x\"\(outcome)}}]"
        _ = try await ReportIntake(store: reports, registry: registry, rollouts: rollouts).events(Array(body.utf8), from: DeviceID(device))
    }
}
