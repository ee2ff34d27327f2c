import FileTree
import Fleet
import Foundation
import OperatorAuth
import Persistence
import UpdateTree

/// The one place that puts the rooms together over a data directory, for the server and for commands without one.
struct Assembly: Sendable {
    let data: DataDirectory
    let catalogue: UpdateCatalogue
    let registry: DeviceRegistry
    let reports: FileReportStore
    let rollouts: RolloutOperations
    let tokens: any TokenRepository

    static let clock: @Sendable () -> Int64 = { Int64(time(nil)) }

    /// Takes the data directory for this process, recovers what a killed one left, and loads the fleet.
    static func open(datadir: String, registration: RegistrationPolicy) async throws -> Assembly {
        let data = try DataDirectory.claim(path: datadir)
        let catalogue = try UpdateCatalogue.open(dataDirectory: data.root)
        try ImportClaim.collect(in: catalogue, data: data.root)
        let database = try Database.open(dataDirectory: datadir)
        let registry = try DeviceRegistry(
            repository: SQLiteDevices(database), policy: registration, now: clock)
        let reports = try FileReportStore(root: data.root)
        let rollouts = RolloutOperations(
            repository: try RolloutFiles(dataDirectory: data.root), registry: registry, board: RolloutBoard(),
            updateExists: { catalogue.contains($0) }, now: clock)
        try await rollouts.recover()
        return Assembly(
            data: data, catalogue: catalogue, registry: registry, reports: reports, rollouts: rollouts,
            tokens: SQLiteTokens(database))
    }
}
