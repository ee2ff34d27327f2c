import FleetTesting
import Synchronization
import Testing

@testable import Fleet

private final class StandingClock: Sendable {
    let second = Atomic<Int64>(1_000)
    var now: Int64 { second.load(ordering: .relaxed) }
}

/// A device as fioconfig is one, over configurations with a clock that stands until it is set.
private final class World: Sendable {
    let clock: StandingClock
    let repository = MemoryConfigurations()
    let devices = MemoryDevices()
    let registry: DeviceRegistry
    let configurations: Configurations

    init() async throws {
        let clock = StandingClock()
        self.clock = clock
        registry = try DeviceRegistry(repository: devices, policy: .open, now: { clock.now })
        try await registry.preregister([id("d1"), id("d2")], channel: .ci, tag: nil)
        configurations = try Configurations(repository: repository, registry: registry, now: { clock.now })
        clock.second.store(1_001, ordering: .relaxed)
    }

    func set(_ place: ConfigurationPlace, _ name: String, _ value: String) async throws {
        let file = try ConfigurationFile(value: value, isUnencrypted: true)
        try await configurations.change(place, .set(ConfigurationFileName(name), file), by: "test", because: ConfigurationReason("test"))
    }

    func remove(_ place: ConfigurationPlace, _ name: String) async throws {
        try await configurations.change(place, .remove(ConfigurationFileName(name)), by: "test", because: ConfigurationReason("test"))
    }

    func move(_ device: String, to group: String?) throws {
        let group = try group.map { try GroupName($0) }
        try registry.entry(id(device)).change { $0.group = group }
    }

    /// The answer to a device that holds the answer of `since`: nil for "unchanged".
    func ask(_ device: String, since: Int64?) async throws -> (second: Int64, values: [String: String])? {
        let entry = try registry.entry(id(device))
        try await configurations.load(entry)
        let changed = configurations.snapshot.changed(for: entry.state.group)
        if let since, entry.configuration.isCurrent(since: since, changed: changed) { return nil }
        let before = entry.configuration.lastAnswer
        let now = clock.now
        let snapshot = configurations.snapshot
        let files = snapshot.effective(for: entry.state, own: entry.configuration.version).files
        if now > configurations.began { entry.configuration.remember(before, at: now, revision: snapshot.revision) }
        return (now, Dictionary(uniqueKeysWithValues: files.map { ($0.key.text, $0.value.file.value) }))
    }
}

@Suite("Configuration of a fleet")
struct ConfigurationsTests {
    private let fleet = ConfigurationPlace.fleet

    @Test("two changes within one second are two, whatever lies between them, and the device ends with the last")
    func oneSecond() async throws {
        let world = try await World()
        try await world.set(fleet, "a", "1")
        let first = try #require(try await world.ask("d1", since: nil))
        #expect(first.values == ["a": "1"])
        #expect(try await world.ask("d1", since: first.second) == nil)
        try await world.set(fleet, "a", "2")
        let second = try #require(try await world.ask("d1", since: first.second))
        #expect(second.values == ["a": "2"] && second.second == first.second)
        // It may have lost that answer, and still hold the first of the same second.
        #expect(try await world.ask("d1", since: first.second)?.values == ["a": "2"])
        world.clock.second.store(1_002, ordering: .relaxed)
        let third = try #require(try await world.ask("d1", since: second.second))
        #expect(try await world.ask("d1", since: third.second) == nil)
    }

    @Test("a change at any place that concerns a device reaches it, and no other")
    func places() async throws {
        let world = try await World()
        try world.move("d1", to: "oslo")
        try await world.set(fleet, "f", "1")
        for (index, place) in [fleet, .group(try GroupName("oslo")), .device(try id("d1"))].enumerated() {
            world.clock.second.add(1, ordering: .relaxed)
            let one = try #require(try await world.ask("d1", since: nil))
            let other = try #require(try await world.ask("d2", since: nil))
            try await world.set(place, "n\(index)", "x")
            #expect(try await world.ask("d1", since: one.second)?.values["n\(index)"] == "x")
            #expect(try await (world.ask("d2", since: other.second) == nil) == (index > 0))
        }
    }

    @Test("a removal is a change, also that of the last file")
    func removal() async throws {
        let world = try await World()
        let place = ConfigurationPlace.device(try id("d1"))
        try await world.set(place, "a", "1")
        try await world.set(place, "b", "1")
        var answer = try #require(try await world.ask("d1", since: nil))
        for (name, left) in [("a", ["b": "1"]), ("b", [:])] {
            world.clock.second.add(1, ordering: .relaxed)
            try await world.remove(place, name)
            answer = try #require(try await world.ask("d1", since: answer.second))
            #expect(answer.values == left)
        }
        await #expect(throws: FleetError.self) { try await world.remove(place, "b") }
    }

    @Test("a device that changes its group gets the other group's files, also when it goes there and back")
    func moves() async throws {
        let world = try await World()
        try await world.set(.group(try GroupName("oslo")), "a", "oslo")
        try await world.set(.group(try GroupName("rome")), "a", "rome")
        var answer = try #require(try await world.ask("d1", since: nil))
        for (group, expected) in [("oslo", ["a": "oslo"]), ("rome", ["a": "rome"]), (nil, [:]), ("oslo", ["a": "oslo"])] {
            world.clock.second.add(1, ordering: .relaxed)
            try world.move("d1", to: group)
            answer = try #require(try await world.ask("d1", since: answer.second))
            #expect(answer.values == expected)
        }
    }

    @Test("after a start a device gets its files once more, and what was set before holds")
    func restart() async throws {
        let world = try await World()
        try await world.set(fleet, "a", "1")
        try await world.set(.device(try id("d1")), "b", "2")
        let registry = try DeviceRegistry(repository: world.devices, policy: .open, now: { 1_002 })
        let again = try Configurations(repository: world.repository, registry: registry, now: { 1_002 })
        let entry = try registry.entry(id("d1"))
        #expect(!entry.configuration.isCurrent(since: 1_001, changed: again.snapshot.changed(for: nil)))
        #expect(try await again.effective(for: id("d1")).names.map(\.text) == ["a", "b"])
    }

    @Test("every change is a version with its author and reason; a rollback is one more")
    func history() async throws {
        let world = try await World()
        try await world.set(fleet, "a", "1")
        try await world.set(fleet, "a", "2")
        try await world.set(fleet, "a", "2")
        try await world.remove(fleet, "a")
        let back = try await world.configurations.rollBack(fleet, to: 1, by: "token:x", because: ConfigurationReason("back"))
        #expect(back?.number == 4 && back?.author == "token:x")
        let history = try world.configurations.history(of: fleet, before: nil, limit: 10)
        #expect(history.map(\.number) == [4, 3, 2, 1])
        #expect(history.map { $0.files.files.values.first?.value } == ["1", nil, "2", "1"])
        #expect(try world.configurations.history(of: fleet, before: 3, limit: 1).map(\.number) == [2])
        await #expect { try await world.configurations.rollBack(fleet, to: 9, by: "x", because: ConfigurationReason("y")) } throws: {
            ($0 as? FleetError)?.code == .configurationUnknown
        }
    }

    @Test("what was not stored does not hold")
    func full() async throws {
        let world = try await World()
        try await world.set(fleet, "a", "1")
        world.repository.isFull.store(true, ordering: .relaxed)
        await #expect(throws: MemoryConfigurations.Full.self) { try await world.set(fleet, "a", "2") }
        #expect(try await world.ask("d1", since: nil)?.values == ["a": "1"])
    }

    @Test("files are set for devices that are known, and a deleted device has none")
    func devices() async throws {
        let world = try await World()
        await #expect { try await world.set(.device(try id("nobody")), "a", "1") } throws: { ($0 as? FleetError)?.code == .deviceUnknown }
        try await world.set(.device(try id("d1")), "a", "1")
        try await world.registry.delete(id("d1"))
        try await world.configurations.forget(id("d1"))
        try await world.registry.undeny(id("d1"))
        #expect(try await world.configurations.current(.device(id("d1"))) == nil)
    }

    @Test(
        "whatever happens in whatever second, a device that is told it is current holds what holds: histories by chance",
        arguments: 1...200 as ClosedRange<UInt64>)
    func histories(seed: UInt64) async throws {
        var chance = SeededGenerator(seed: seed)
        let world = try await World()
        world.clock.second.store(1_000, ordering: .relaxed)
        var held: (second: Int64, values: [String: String])?
        var value = 0
        for step in 0..<120 {
            switch Int.random(in: 0..<10, using: &chance) {
            case 0: world.clock.second.add(1, ordering: .relaxed)
            case 1 where Int.random(in: 0..<4, using: &chance) == 0: world.clock.second.subtract(2, ordering: .relaxed)
            case 2, 3:
                value += 1
                let places = [fleet, .group(try GroupName("oslo")), .group(try GroupName("rome")), .device(try id("d1"))]
                // Few values: a place often goes back to what it had.
                try await world.set(places[Int.random(in: 0..<4, using: &chance)], "a\(value % 2)", "\(value % 3)")
            case 4: try world.move("d1", to: ["oslo", "rome", nil].randomElement(using: &chance) ?? nil)
            default:
                if let answer = try await world.ask("d1", since: held?.second) {
                    // An answer may be lost on its way.
                    if Bool.random(using: &chance) { held = answer }
                } else {
                    let effective = try await world.configurations.effective(for: id("d1"))
                    let values = effective.files.map { ($0.key.text, $0.value.file.value) }
                    #expect(held?.values == Dictionary(uniqueKeysWithValues: values), "seed \(seed), step \(step)")
                }
            }
        }
        world.clock.second.store(2_000, ordering: .relaxed)
        let last = try await world.ask("d1", since: nil)
        #expect(try await world.ask("d1", since: last?.second) == nil, "a device that keeps what it got is told so")
    }

    @Test("seconds in which the process before may have answered are not remembered, also when the clock was set back")
    func setBack() async throws {
        let devices = MemoryDevices()
        try await devices.add([DeviceState(id: id("d1"), channel: .ci, createdAt: 900)], publicKeyPEM: "x")
        for (now, began) in [(950, 950), (890, 900), (900 - 86_400, 900 - 86_400)] as [(Int64, Int64)] {
            let registry = try DeviceRegistry(repository: devices, policy: .open, now: { now })
            #expect(try Configurations(repository: MemoryConfigurations(), registry: registry, now: { now }).began == began)
        }
    }

    @Test("changes of one place at once are all there")
    func concurrent() async throws {
        let world = try await World()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<40 { group.addTask { try await world.set(.fleet, "f\(index)", "x") } }
            try await group.waitForAll()
        }
        #expect(try await world.configurations.current(fleet)?.files.names.count == 40)
        #expect(try world.configurations.history(of: fleet, before: nil, limit: 100).map(\.number) == Array((1...40).reversed()))
    }
}
