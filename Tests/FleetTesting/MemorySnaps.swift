import DeviceAuth
import Fleet
import Snaps
import Synchronization

/// The stand-in for the tables of snaps. What it holds outlives the objects above it, like a disk.
public final class MemorySnaps: SnapRepository {
    private struct Contents {
        var models: [ModelName: [SnapName: SnapRequirement]] = [:]
        var records: [DeviceID: SnapDeviceRecord] = [:]
        var lists: [DeviceID: StoredSnapList] = [:]
        /// In the order in which they were added.
        var orders: [SnapOrder] = []

        /// One without an outcome.
        mutating func change(_ order: SnapOrder, _ body: (inout SnapOrder) -> Void) {
            guard let index = orders.firstIndex(where: { $0.device == order.device && $0.id == order.id && $0.outcome == nil }) else {
                return
            }
            body(&orders[index])
        }

        mutating func prune(_ device: DeviceID) {
            let ended = orders.filter { $0.device == device && $0.outcome != nil }
            let old = Set(ended.dropLast(SnapOrder.mostKept).map(\.id))
            if !old.isEmpty { orders.removeAll { $0.device == device && old.contains($0.id) } }
        }
    }

    /// Runs a write, or lets it fail.
    public typealias Writing = @Sendable (() throws -> Void) throws -> Void

    private let contents = Mutex(Contents())
    private let writing: Mutex<Writing>
    private let count = Atomic(0)

    public init(writing: @escaping Writing = { try $0() }) { self.writing = Mutex(writing) }

    /// From now on.
    public func use(_ writing: @escaping Writing) { self.writing.withLock { $0 = writing } }

    /// How many writes were tried.
    public var writes: Int { count.load(ordering: .relaxed) }

    private func write(_ body: (inout Contents) -> Void) async throws {
        count.add(1, ordering: .relaxed)
        // Others may run between the call and the write, and before the caller hears of it, as with a real disk.
        await Task.yield()
        let run = writing.withLock { $0 }
        try run { contents.withLock { body(&$0) } }
        await Task.yield()
    }

    // MARK: Reading

    public func loadModels() throws -> [ModelName: [SnapRequirement]] {
        contents.withLock { $0.models.mapValues { $0.values.sorted { $0.snap < $1.snap } } }
    }

    public func loadDevices() throws -> [SnapDeviceRecord] {
        contents.withLock { $0.records.values.sorted { $0.device < $1.device } }
    }

    public func loadOpenOrders() throws -> [SnapOrder] { contents.withLock { $0.orders.filter { $0.outcome == nil } } }

    public func list(of device: DeviceID) async throws -> StoredSnapList? { contents.withLock { $0.lists[device] } }

    public func orders(of device: DeviceID, limit: Int) async throws -> [SnapOrder] {
        contents.withLock { Array($0.orders.filter { $0.device == device }.reversed().prefix(limit)) }
    }

    // MARK: Writing

    public func add(_ requirement: SnapRequirement, to model: ModelName) async throws {
        try await write { $0.models[model, default: [:]][requirement.snap] = requirement }
    }

    public func remove(_ snap: SnapName, from model: ModelName) async throws {
        try await write { $0.models[model]?[snap] = nil }
    }

    public func replaceList(of device: DeviceID, with list: SnapList, at seconds: Int64) async throws {
        try await write { contents in
            contents.lists[device] = StoredSnapList(list: list, receivedAt: seconds)
            contents.records[device, default: SnapDeviceRecord(device: device)].hashes = list.hashes
            contents.records[device]?.names = list.names
        }
    }

    public func save(_ records: [SnapDeviceRecord], sent orders: [SnapOrder]) async throws {
        try await write { contents in
            for record in records {
                var kept = record
                kept.hashes = contents.records[record.device]?.hashes
                kept.names = contents.records[record.device]?.names
                contents.records[record.device] = kept
            }
            for order in orders { contents.change(order) { $0.request = order.request } }
        }
    }

    public func add(_ order: SnapOrder) async throws {
        try await write { contents in
            guard !contents.orders.contains(where: { $0.device == order.device && $0.id == order.id }) else { return }
            contents.orders.append(order)
        }
    }

    public func finish(_ orders: [SnapOrder]) async throws {
        try await write { contents in
            for order in orders {
                contents.change(order) { $0.outcome = order.outcome }
                contents.prune(order.device)
            }
        }
    }

    public func forget(_ device: DeviceID) async throws {
        try await write { contents in
            contents.records[device] = nil
            contents.lists[device] = nil
            contents.orders.removeAll { $0.device == device }
        }
    }
}
