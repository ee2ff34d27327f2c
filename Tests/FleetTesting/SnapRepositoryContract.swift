import DeviceAuth
import Fleet
import Snaps

/// What every repository of snaps must do, one case for each sentence of its contract.
public struct SnapRepositoryContract: Sendable, CustomStringConvertible {
    /// A sentence of the contract does not hold.
    public struct Broken: Error, CustomStringConvertible {
        public let description: String
    }

    /// Opens the storage, or opens it once more as a process that was started again does.
    public typealias Opening = @Sendable () throws -> any SnapRepository

    public let description: String
    public let run: @Sendable (Opening) async throws -> Void

    public static let all = unknown + models + lists + records + orders

    static func expect<Value: Equatable>(_ found: Value, _ wanted: Value, _ what: String) throws {
        guard found == wanted else { throw Broken(description: "\(what): \(found), not \(wanted)") }
    }

    static func device(_ text: String) throws -> DeviceID { try DeviceID(text) }
    static func snaps(_ names: [String]) throws -> [SnapName] { try names.map { try SnapName($0) } }

    /// A list with each name, and hashes that stand for it.
    public static func list(_ names: [String], hashes: String? = nil) throws -> SnapList {
        SnapList(
            hashes: hashes.map { SnapHashes(list: "\($0)-list", names: "\($0)-names") },
            snaps: try names.map { name in
                ListedSnap(
                    deviceId: "d", name: try SnapName(name), installedSize: 1 << 33, installedDate: "2026-03-01T12:00:00Z",
                    status: "active", channel: "latest/stable", confinement: "strict", version: "1.0 \"ü\"",
                    revision: try SnapRevision("x7"), devmode: false, config: "{\"a\":\"it's\"}",
                    services: [ListedSnap.Service(name: "s", active: true, enabled: false, daemon: nil)])
            })
    }

    private static let unknown = [
        SnapRepositoryContract(description: "of what was never stored nothing is known, and taking it away is no error") { open in
            let snaps = try open()
            let nobody = try device("nobody")
            try await snaps.remove(try SnapName("a"), from: try ModelName("m"))
            try await snaps.forget(nobody)
            try await snaps.finish([try order("x", of: "nobody", outcome: .succeeded)])
            try await snaps.save([], sent: [try order("x", of: "nobody")])
            try expect(try snaps.loadModels(), [:], "models")
            try expect(try snaps.loadDevices(), [], "devices")
            try expect(try snaps.loadOpenOrders(), [], "open orders")
            try expect(try await snaps.list(of: nobody), nil, "list")
            try expect(try await snaps.orders(of: nobody, limit: 10), [], "orders")
        }
    ]

    private static let models = [
        SnapRepositoryContract(description: "a requirement is kept with all that it says, one for each snap of a model") { open in
            let snaps = try open()
            let (one, two) = (try ModelName("one"), try ModelName("two"))
            let plain = try SnapRequirement(snap: SnapName("b"))
            let full = try SnapRequirement(snap: SnapName("a_key"), channel: "22/edge", isClassic: true, priority: -1000)
            try await snaps.add(try SnapRequirement(snap: SnapName("a_key"), channel: "old", priority: 3), to: one)
            for requirement in [plain, full] { try await snaps.add(requirement, to: one) }
            try await snaps.add(plain, to: two)
            try expect(try sorted(open().loadModels()), [one: [full, plain], two: [plain]], "models")
        },
        SnapRepositoryContract(description: "a requirement that was removed is gone, its model and the same snap of others stay") { open in
            let snaps = try open()
            let (one, two) = (try ModelName("one"), try ModelName("two"))
            let requirement = try SnapRequirement(snap: SnapName("a"))
            for model in [one, two] { try await snaps.add(requirement, to: model) }
            try await snaps.remove(requirement.snap, from: one)
            try await snaps.remove(requirement.snap, from: one)
            try expect(try sorted(open().loadModels()), [one: [], two: [requirement]], "models")
        },
    ]

    private static func sorted(_ models: [ModelName: [SnapRequirement]]) -> [ModelName: [SnapRequirement]] {
        models.mapValues { $0.sorted { $0.snap < $1.snap } }
    }
}
