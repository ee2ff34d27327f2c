import FileTree
import Fleet
import Foundation
import OperatorAuth
import Persistence
import UpdateTree

/// The one place that puts the rooms together over a data directory, for the server and for commands without one.
struct Assembly: Sendable {
    let data: DataDirectory
    let library: UpdateLibrary
    let registry: DeviceRegistry
    let reports: FileReportStore
    let rollouts: RolloutOperations
    let rolloutFiles: RolloutFiles
    let configurations: Configurations
    let sites: SiteReportFiles
    let enrolments: any EnrolmentRepository
    let audit: AuditFiles
    let tokens: any TokenRepository
    let stopMark: any StopMark

    static let clock: @Sendable () -> Int64 = { Int64(time(nil)) }

    /// Takes the data directory for this process, recovers what a killed one left, and loads the fleet.
    ///
    /// - Parameter prepare: makes an update ready before a rollout assigns it.
    static func open(
        datadir: String, registration: RegistrationPolicy,
        prepare: @escaping @Sendable (UpdateLibrary, UpdateKey) async throws -> Void = { _, _ in }
    ) async throws -> Assembly {
        let data = try DataDirectory.claim(path: datadir)
        let library = try UpdateLibrary.open(dataDirectory: data.root)
        try library.collectLeftovers()
        try library.collectTransfers(now: clock())
        let database = try Database.open(dataDirectory: datadir)
        let board = RolloutBoard()
        let reports = try FileReportStore(root: data.root, board: board, now: clock)
        let registry = try DeviceRegistry(
            repository: SQLiteDevices(database), policy: registration, log: reports, now: clock)
        let stopMark = SQLiteStopMark(database)
        try await StatusRecovery(registry: registry, history: reports, mark: stopMark).run()
        let rolloutFiles = try RolloutFiles(dataDirectory: data.root)
        let rollouts = RolloutOperations(
            repository: rolloutFiles, ledger: reports, registry: registry, board: board,
            updates: RolloutUpdates(
                exists: { library.catalogue.contains($0) }, targets: { library.targetNames(of: $0) },
                prepare: { try await prepare(library, $0) }),
            now: clock)
        try await rollouts.recover()
        let configurations = try Configurations(
            repository: ConfigurationVersionFiles(dataDirectory: data.root), registry: registry, now: clock)
        return Assembly(
            data: data, library: library, registry: registry, reports: reports, rollouts: rollouts,
            rolloutFiles: rolloutFiles, configurations: configurations, sites: try SiteReportFiles(dataDirectory: data.root),
            enrolments: SQLiteEnrolments(database),
            audit: try AuditFiles(dataDirectory: data.root), tokens: SQLiteTokens(database), stopMark: stopMark)
    }
}
