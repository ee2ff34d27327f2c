import DeviceAuth
import Fleet
import Testing
import UpdateTree

@Suite("Bulk actions") struct BulkTests {
    private let devices = MemoryDevices()
    private let registry: DeviceRegistry

    init() throws { registry = try DeviceRegistry(repository: devices, policy: .open, now: { 1_000 }) }

    private func add(_ names: String...) async throws {
        try await registry.preregister(names.map { try id($0) }, channel: .ci, tag: nil)
    }

    private func state(_ name: String) throws -> DeviceState? { registry.directory[try id(name)]?.state }

    private var all: BulkTarget { .matching { _ in true } }

    @Test("when one device cannot be changed, none is, in memory and in the storage")
    func allOrNone() async throws {
        try await add("a", "b", "c")
        for number in 0..<Labels.most { try await registry.change([id("b")], AttributeChange(labels: ["l\(number)": "x"])) }
        let before = registry.directory.all.map(\.state).sorted { $0.id < $1.id }
        let change = BulkAction.change(AttributeChange(group: try GroupName("lab"), labels: ["site": "oslo"]))
        await #expect { try await registry.bulk(change, of: all, expected: nil) } throws: { ($0 as? FleetError)?.code == .attributeInvalid }
        #expect(throws: FleetError.self) { try registry.preview(change, of: all) }
        #expect(registry.directory.all.map(\.state).sorted { $0.id < $1.id } == before)
        #expect(devices.loadAll().map(\.state).sorted { $0.id < $1.id } == before)
    }

    @Test("an unknown device among those that are named ends the action before it begins")
    func unknown() async throws {
        try await add("a")
        let named = BulkTarget.devices([try id("a"), try id("nobody")])
        await #expect { try await registry.bulk(.deny, of: named, expected: nil) } throws: { ($0 as? FleetError)?.code == .deviceUnknown }
        #expect(try state("a")?.isDenied == false)
    }

    @Test("the fleet has moved on since the dry run: nothing is done, and the message says how many it would be now")
    func moved() async throws {
        try await add("a", "b")
        let dry = try registry.preview(.deny, of: all)
        #expect(dry.changed.map(\.text) == ["a", "b"])
        try await add("c")
        await #expect { try await registry.bulk(.deny, of: all, expected: dry.changed.count) } throws: { error in
            (error as? FleetError)?.code == .countDiffers && (error as? FleetError)?.message.hasPrefix("3 devices") == true
        }
        #expect(try state("a")?.isDenied == false)
        let done = try await registry.bulk(.deny, of: all, expected: 3)
        #expect(done.changed.count == 3 && done.matched == 3)
    }

    @Test("devices that are so already are matched and not counted as changed")
    func already() async throws {
        try await add("a", "b")
        try await registry.deny(try id("a"))
        let done = try await registry.bulk(.deny, of: all, expected: 1)
        #expect(done.matched == 2 && done.changed.map(\.text) == ["b"])
        #expect(try registry.preview(.deny, of: all).changed.isEmpty)
    }

    @Test("deleted devices are found by no test, and undeny brings back those that are named")
    func deleted() async throws {
        try await add("a", "b")
        try await registry.change([try id("a")], AttributeChange(name: try DeviceName("x"), group: try GroupName("g"), labels: ["k": "v"]))
        #expect(try await registry.bulk(.delete, of: .devices([try id("a")]), expected: nil).changed.count == 1)
        #expect(try state("a") == DeviceState(id: id("a"), isDeleted: true, channel: .ci, createdAt: 1_000))
        #expect(try registry.preview(.deny, of: all).matched == 1)
        await #expect(throws: FleetError.self) { try await registry.bulk(.deny, of: .devices([try id("a")]), expected: nil) }
        _ = try await registry.bulk(.undeny, of: .devices([try id("a")]), expected: nil)
        #expect(try state("a") == DeviceState(id: id("a"), channel: .ci, createdAt: 1_000))
    }

    @Test("many devices get a name each, and one name for all of them is refused")
    func rename() async throws {
        try await add("a", "b")
        #expect(throws: FleetError.self) { try NamePattern("press") }
        #expect(throws: FleetError.self) { try NamePattern("{uuid}\n") }
        _ = try await registry.bulk(.rename(try NamePattern("press {uuid}")), of: all, expected: nil)
        #expect(try state("b")?.name?.text == "press b")
        #expect(devices[try id("b")]?.state.name?.text == "press b")
        _ = try await registry.bulk(.rename(nil), of: all, expected: nil)
        #expect(try state("b")?.name == nil)
    }

    @Test("what a change does not say stays, and a label takes the place of another one at the limit")
    func keeping() async throws {
        try await add("a")
        let a = try id("a")
        let full = Dictionary(uniqueKeysWithValues: (0..<Labels.most).map { ("l\($0)", Optional("x")) })
        try await registry.change([a], AttributeChange(name: try DeviceName("n"), group: try GroupName("g"), labels: full))
        try await registry.change([a], AttributeChange(labels: ["l0": nil, "new": "y"]))
        let changed = try #require(try state("a"))
        #expect(changed.name?.text == "n" && changed.group?.text == "g")
        #expect(changed.labels["l0"] == nil && changed.labels["new"] == "y" && changed.labels.values.count == Labels.most)
        try await registry.change([a], AttributeChange(name: .some(nil), group: .some(nil)))
        #expect(try state("a")?.name == nil && state("a")?.group == nil)
        #expect(try devices[a]?.state == state("a"))
    }

    @Test("groups are counted from the devices that are in them")
    func groups() async throws {
        try await add("a", "b", "c", "d")
        try await registry.change([try id("a"), try id("b")], AttributeChange(group: try GroupName("x")))
        try await registry.change([try id("c"), try id("d")], AttributeChange(group: try GroupName("w")))
        try await registry.delete(try id("d"))
        #expect(registry.directory.groups().map { "\($0.name) \($0.devices)" } == ["w 1", "x 2"])
    }

    @Test("what a device is made of is found by its target, unless it told itself or is deleted")
    func hardware() async throws {
        try await add("told", "silent", "gone", "other")
        for name in ["told", "silent", "gone"] { registry.directory[try id(name)]?.change { $0.targetName = "lmp-42" } }
        registry.directory[try id("told")]?.change { $0.hardwareID = "own" }
        registry.directory[try id("other")]?.change { $0.targetName = "lmp-41" }
        try await registry.delete(try id("gone"))
        #expect(registry.targetsOfUnknownHardware() == ["lmp-41", "lmp-42"])
        #expect(try await registry.note(hardwareByTarget: ["lmp-42": "intel-corei7-64"]) == 1)
        #expect(try state("silent")?.hardwareID == "intel-corei7-64" && devices[id("silent")]?.state.hardwareID == "intel-corei7-64")
        #expect(try state("told")?.hardwareID == "own" && state("gone")?.hardwareID == nil && state("other")?.hardwareID == nil)
        #expect(registry.targetsOfUnknownHardware() == ["lmp-41"])
    }
}
