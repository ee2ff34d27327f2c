import DeviceAuth
import FleetTesting
import Snaps
import Synchronization
import Testing
import UpdateTree

@testable import Fleet

@Suite("Required snaps of a fleet")
struct RequiredSnapsTests {
    /// A fleet in memory with a clock that is set.
    private final class World: Sendable {
        let storage = MemorySnaps()
        let registry: DeviceRegistry
        let catalogue = SnapCatalogue()
        let time = Mutex<Int64>(1_000_000)

        init(devices: Int) async throws {
            registry = try DeviceRegistry(repository: MemoryDevices(), policy: .open, now: { 1 })
            try await registry.preregister((0..<devices).map { try DeviceID("d\($0)") }, channel: .ci, tag: Tag("main"))
        }

        func open() throws -> RequiredSnaps {
            try RequiredSnaps(repository: storage, registry: registry, shelves: catalogue) { [self] in time.withLock { $0 } }
        }

        func pass(_ seconds: Int64) { time.withLock { $0 += seconds } }
    }

    private let model = try? ModelName("m")
    private func requirement(_ name: String) throws -> SnapRequirement { try SnapRequirement(snap: SnapName(name)) }

    private func heartbeat(_ text: String) throws -> Heartbeat {
        Heartbeat(device: "", refresh: "", hashes: SnapWorld.hashes(text), model: try ModelName("m"))
    }

    private func list(_ names: [String], _ text: String, id: String = "") throws -> SnapAnswer {
        SnapAnswer(
            id: id, action: .list, success: true,
            list: SnapList(hashes: SnapWorld.hashes(text), snaps: try names.map { try SnapWorld.listed($0) }))
    }

    @Test("an unchanged heartbeat writes nothing")
    func unchanged() async throws {
        let world = try await World(devices: 1)
        let snaps = try world.open()
        let exchange = snaps.exchange(over: .https)
        let device = try DeviceID("d0")
        _ = exchange.heartbeat(try heartbeat("a"), from: device)
        _ = try await exchange.answer(try list(["core"], "a"), from: device)
        try await snaps.save()
        let writes = world.storage.writes
        for _ in 0..<1000 {
            world.pass(60)
            #expect(exchange.heartbeat(try heartbeat("a"), from: device).isEmpty)
            try await snaps.save()
        }
        #expect(world.storage.writes == writes)
    }

    @Test("what was stored is known after a restart: no list is asked for again, and back-off goes on")
    func restart() async throws {
        let world = try await World(devices: 1)
        let device = try DeviceID("d0")
        let model = try #require(model)
        let before = try world.open()
        #expect(try await before.require(requirement("hello"), of: model))
        _ = before.exchange(over: .https).heartbeat(try heartbeat("a"), from: device)
        let told = try await before.exchange(over: .https).answer(try list(["core"], "a"), from: device)
        #expect(told.map(\.action) == [.requiredInstall])
        try await before.save()
        let order = try await before.order(NewSnapOrder(action: .info, snap: SnapName("core"), data: nil), for: device, by: "ann")
        world.pass(30)
        let after = try world.open()
        #expect(after.exchange(over: .https).heartbeat(try heartbeat("a"), from: device).map(\.id) == [order.id])
        world.pass(60)
        #expect(after.exchange(over: .https).heartbeat(try heartbeat("a"), from: device).map(\.id).contains(told[0].id))
        #expect(try after.status(of: device).model?.source == .heartbeat)
    }

    @Test("10,000 devices that miss a snap are told at the bounded rate, and all of them")
    func boundedRate() async throws {
        let count = 10_000
        let world = try await World(devices: count)
        let snaps = try world.open()
        let exchange = snaps.exchange(over: .https)
        let ids = try (0..<count).map { try DeviceID("d\($0)") }
        for id in ids { _ = try await exchange.answer(try list(["core"], "a"), from: id) }
        for id in ids { _ = exchange.heartbeat(try heartbeat("a"), from: id) }
        #expect(try await snaps.require(requirement("hello"), of: try #require(model)))
        var told = Set<DeviceID>()
        var most = 0
        // Each device has its own second of the minute.
        for second in 0..<600 where told.count < count {
            world.pass(1)
            var now = 0
            for (index, id) in ids.enumerated() where index % 60 == second % 60 {
                for request in exchange.heartbeat(try heartbeat("a"), from: id) where request.action == .requiredInstall {
                    now += 1
                    told.insert(id)
                }
            }
            most = max(most, now)
        }
        #expect(most == RequiredSnaps.defaultTellRate)
        #expect(told.count == count)
    }

    @Test("an outcome that could not be stored is not taken, and counts when the agent says it again")
    func outcomeNotStored() async throws {
        struct Full: Error {}
        let world = try await World(devices: 1)
        let device = try DeviceID("d0")
        let snaps = try world.open()
        let exchange = snaps.exchange(over: .https)
        let order = try await snaps.order(NewSnapOrder(action: .remove, snap: SnapName("hello"), data: nil), for: device, by: "ann")
        _ = exchange.heartbeat(try heartbeat("a"), from: device)
        world.storage.use { _ in throw Full() }
        let answer = SnapAnswer(id: order.id, action: .remove, success: true, message: "removed")
        await #expect(throws: Full.self) { try await exchange.answer(answer, from: device) }
        await #expect(throws: Full.self) { try await exchange.answer(try list(["core"], "a"), from: device) }
        #expect(try snaps.status(of: device).hashes == nil)
        world.storage.use { try $0() }
        _ = try await exchange.answer(answer, from: device)
        #expect(try await snaps.orders(of: device, limit: 5).first?.outcome?.message == "removed")
    }

    @Test("what could not be written behind is written later")
    func writtenLater() async throws {
        struct Full: Error {}
        let world = try await World(devices: 1)
        let device = try DeviceID("d0")
        let snaps = try world.open()
        _ = snaps.exchange(over: .https).heartbeat(try heartbeat("a"), from: device)
        world.storage.use { _ in throw Full() }
        await #expect(throws: Full.self) { try await snaps.save() }
        world.storage.use { try $0() }
        try await snaps.save()
        #expect(try world.open().status(of: device).model?.name == model)
    }

    @Test("models are those that something is required of, and those that devices are of; who lacks what is counted")
    func looking() async throws {
        let world = try await World(devices: 4)
        let snaps = try world.open()
        let exchange = snaps.exchange(over: .https)
        let model = try #require(model)
        #expect(throws: FleetError.self) { try snaps.requirements(of: model) }
        for (index, names) in [["core"], ["core", "hello"], ["hello", "world"]].enumerated() {
            let id = try DeviceID("d\(index)")
            _ = exchange.heartbeat(try heartbeat("a"), from: id)
            _ = try await exchange.answer(try list(names, "a"), from: id)
        }
        try await snaps.setModel(model, of: DeviceID("d3"))
        #expect(try snaps.requirements(of: model).isEmpty)
        #expect(try await snaps.require(requirement("world"), of: model))
        #expect(try await snaps.require(requirement("hello"), of: model))
        #expect(try await !snaps.require(SnapRequirement(snap: SnapName("hello"), channel: "latest/edge"), of: model))
        #expect(try await snaps.require(requirement("other"), of: ModelName("another")))
        #expect(snaps.models().map(\.name.text) == ["another", "m"])
        let status = try snaps.status(of: model, after: nil, limit: 2)
        #expect(status.summary == ModelSummary(name: model, required: 2, devices: 4, lacking: 2, unknown: 1))
        #expect(status.lackedBy.map(\.snap.text) == ["hello", "world"])
        #expect(status.lackedBy.map(\.devices) == [1, 2])
        #expect(status.devices.map(\.device.text) == ["d0", "d1"] && status.hasMore)
        #expect(try snaps.status(of: model, after: DeviceID("d1"), limit: 2).devices.map(\.device.text) == ["d3"])
        #expect(try snaps.devices(of: model, after: nil, limit: 10).page.count == 4)
        try await snaps.unrequire(SnapName("world"), of: model)
        await #expect(throws: FleetError.self) { try await snaps.unrequire(SnapName("world"), of: model) }
        await #expect(throws: FleetError.self) { try await snaps.unrequire(SnapName("world"), of: ModelName("nobody")) }
    }

    @Test("a device of an unknown name takes no orders, and one takes only so many")
    func orders() async throws {
        let world = try await World(devices: 1)
        let snaps = try world.open()
        let new = try NewSnapOrder(action: .device, snap: nil, data: nil)
        await #expect(throws: FleetError.self) { _ = try await snaps.order(new, for: DeviceID("nobody"), by: "ann") }
        for _ in 0..<SnapOrder.mostOpen { _ = try await snaps.order(new, for: DeviceID("d0"), by: "ann") }
        await #expect(throws: FleetError.self) { _ = try await snaps.order(new, for: DeviceID("d0"), by: "ann") }
        #expect(throws: FleetError.self) { try NewSnapOrder(action: .requiredInstall, snap: nil, data: nil) }
        #expect(throws: FleetError.self) { try NewSnapOrder(action: .install, snap: nil, data: nil) }
        try await snaps.forget(DeviceID("d0"))
        #expect(try await snaps.orders(of: DeviceID("d0"), limit: 5).isEmpty)
    }

    @Test("orders whose time is over make room for new ones, also while the device is away")
    func expiredOrders() async throws {
        let world = try await World(devices: 1)
        let snaps = try world.open()
        let new = try NewSnapOrder(action: .device, snap: nil, data: nil)
        for _ in 0..<SnapOrder.mostOpen { _ = try await snaps.order(new, for: DeviceID("d0"), by: "ann") }
        world.pass(SnapOrder.lifetime)
        _ = try await snaps.order(new, for: DeviceID("d0"), by: "ann")
    }

    @Test("an order that a transport could not send goes out with the next heartbeat, whatever it is")
    func unsent() async throws {
        let world = try await World(devices: 1)
        let device = try DeviceID("d0")
        let snaps = try world.open()
        let exchange = snaps.exchange(over: .mqtt)
        _ = try await snaps.order(NewSnapOrder(action: .revert, snap: SnapName("hello"), data: nil), for: device, by: "ann")
        let silent = Heartbeat(device: "", refresh: "", hashes: nil)
        let sent = exchange.heartbeat(silent, from: device)
        #expect(sent.map(\.action) == [.revert])
        world.pass(3600)
        #expect(exchange.heartbeat(silent, from: device).isEmpty, "it may have been done")
        snaps.unsent(sent, of: device)
        #expect(exchange.heartbeat(silent, from: device) == sent)
    }

    @Test("a device that sends more answers at once than are taken is refused, and takes nobody else's turn")
    func manyAnswers() async throws {
        let world = try await World(devices: 2)
        let snaps = try world.open()
        let exchange = snaps.exchange(over: .https)
        let (greedy, other) = (try DeviceID("d0"), try DeviceID("d1"))
        await snaps.turns.take(.one(greedy))
        let answer = try list(["core"], "a")
        let waiting = (0..<RequiredSnaps.mostUnderway).map { _ in Task { try await exchange.answer(answer, from: greedy) } }
        while snaps.underway.taken(by: greedy) < RequiredSnaps.mostUnderway { await Task.yield() }
        await #expect(throws: FleetError.self) { try await exchange.answer(answer, from: greedy) }
        _ = try await exchange.answer(answer, from: other)
        snaps.turns.give(.one(greedy))
        for task in waiting { _ = try await task.value }
        #expect(snaps.underway.taken(by: greedy) == 0 && snaps.underway.taken(by: other) == 0)
        _ = try await exchange.answer(answer, from: greedy)
    }

    @Test("a model that an operator set stays when older news are being written behind at that moment")
    func modelWhileSaving() async throws {
        let world = try await World(devices: 1)
        let device = try DeviceID("d0")
        let snaps = try world.open()
        _ = snaps.exchange(over: .https).heartbeat(try heartbeat("a"), from: device)
        async let saving: Void = snaps.save()
        try await snaps.setModel(ModelName("other"), of: device)
        try await saving
        try await snaps.save()
        #expect(try world.open().status(of: device).model?.name.text == "other")
    }
}
