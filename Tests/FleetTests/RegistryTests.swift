import DeviceAuth
import Fleet
import Testing
import UpdateTree

@Suite struct RegistryTests {
    private func registry(_ devices: MemoryDevices, policy: RegistrationPolicy = .open) throws -> DeviceRegistry {
        try DeviceRegistry(repository: devices, policy: policy, now: { 1_000 })
    }

    /// Every operation that changes a record, and the device it concerns.
    static let operations: [(name: String, run: @Sendable (DeviceRegistry) async throws -> Void)] = [
        ("enroll a new one", { _ = try await $0.enroll(try identity("new")) }),
        ("enroll with an allowed key", { _ = try await $0.enroll(try identity("moving", key: "b")) }),
        ("preregister", { try await $0.preregister([try id("new")], channel: .ci, tag: nil) }),
        ("deny", { try await $0.deny(try id("device")) }),
        ("undeny", { try await $0.undeny(try id("denied")) }),
        ("undeny a deleted one", { try await $0.undeny(try id("deleted")) }),
        ("allow a key", { try await $0.allowKey(try id("device")) }),
        ("delete", { try await $0.delete(try id("device")) }),
        ("change", { try await $0.change([try id("device"), try id("moving")], AttributeChange(labels: ["site": "oslo"])) }),
        ("delete many", { _ = try await $0.bulk(.delete, of: .matching { _ in true }, expected: nil) }),
        ("assign", { try await $0.assign(try UpdateName("43"), to: [try id("device"), try id("moving")]) }),
    ]

    private func filled() async throws -> (MemoryDevices, DeviceRegistry) {
        let devices = MemoryDevices()
        let registry = try registry(devices)
        for name in ["device", "moving", "denied", "deleted"] { _ = try await registry.enroll(try identity(name)) }
        try await registry.allowKey(try id("moving"))
        try await registry.deny(try id("denied"))
        try await registry.delete(try id("deleted"))
        return (devices, registry)
    }

    private func memory(_ registry: DeviceRegistry) -> [DeviceState] { registry.directory.all.map(\.state).sorted { $0.id < $1.id } }
    private func storage(_ devices: MemoryDevices) -> [DeviceState] { devices.loadAll().map(\.state).sorted { $0.id < $1.id } }

    @Test("when the storage fails the memory stays as it was", arguments: operations.indices)
    func storageFirst(index: Int) async throws {
        let (devices, registry) = try await filled()
        let before = memory(registry)
        devices.use(Fault(atWrite: 1))
        await #expect(throws: Fault.Hit.self) { try await Self.operations[index].run(registry) }
        #expect(memory(registry) == before)
        #expect(storage(devices) == before)
    }

    @Test("after every change memory and storage say the same", arguments: operations.indices)
    func writeThrough(index: Int) async throws {
        let (devices, registry) = try await filled()
        let before = memory(registry)
        try await Self.operations[index].run(registry)
        #expect(memory(registry) != before)
        #expect(memory(registry) == storage(devices))
        #expect(memory(try self.registry(devices)) == memory(registry))
    }

    @Test("of two first contacts with different keys one wins, in memory and in the storage alike")
    func firstContactRace() async throws {
        for round in 0..<50 {
            let devices = MemoryDevices()
            let registry = try registry(devices)
            let won = await withTaskGroup(of: Bool.self) { group in
                for digit: Character in ["a", "b", "c"] {
                    group.addTask { (try? await registry.enroll(try identity("device", key: digit))) != nil }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(won == 1, "round \(round)")
            #expect(memory(registry) == storage(devices), "round \(round)")
        }
    }

    @Test("changes of one device by many tasks leave memory and storage the same")
    func concurrentChanges() async throws {
        let (devices, registry) = try await filled()
        let device = try id("device")
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<100 {
                group.addTask {
                    switch number % 5 {
                    case 0: try? await registry.deny(device)
                    case 1: try? await registry.undeny(device)
                    case 2: try? await registry.assign(try UpdateName("\(number)"), to: [device])
                    case 3: try? await registry.assign(try UpdateName("\(number)"), to: [device, try id("moving")])
                    default: _ = try? await registry.enroll(try identity("new-\(number)"))
                    }
                }
            }
        }
        #expect(memory(registry) == storage(devices))
        #expect(registry.directory.count == 24)
    }

    @Test("a deleted device is not brought back by its certificate, nor by an assignment")
    func deleted() async throws {
        let (devices, registry) = try await filled()
        let gone = try id("deleted")
        await #expect { try await registry.enroll(try identity("deleted")) } throws: { ($0 as? FleetError)?.code == .deviceDeleted }
        try await registry.assign(try UpdateName("43"), to: [gone])
        #expect(devices[gone]?.state.updateName == nil)
        #expect(registry.directory[gone]?.state.updateName == nil)
        await #expect { try await registry.deny(gone) } throws: { ($0 as? FleetError)?.code == .deviceUnknown }
        try await registry.undeny(gone)
        #expect(try await registry.enroll(try identity("deleted", key: "f")).state.key == key("f"))
    }

    @Test("a device that was registered beforehand pins the key it comes with, and keeps its tag")
    func preregistered() async throws {
        let devices = MemoryDevices()
        let registry = try registry(devices, policy: .preregistered)
        await #expect { try await registry.enroll(try identity("device")) } throws: { ($0 as? FleetError)?.code == .deviceNotRegistered }
        try await registry.preregister([try id("device")], channel: .ci, tag: try UpdateTree.Tag("main"))
        let entry = try await registry.enroll(try identity("device", isProduction: true))
        #expect(entry.state.key == (try key("a")))
        #expect(entry.state.tag?.text == "main")
        // What the certificate says wins over what was registered.
        #expect(entry.state.channel == .prod)
        try await registry.preregister([try id("device")], channel: .ci, tag: nil)
        #expect(registry.directory[try id("device")]?.state == entry.state)
    }

    @Test("assigned devices are counted by channel, tag and name")
    func counting() async throws {
        let (_, registry) = try await filled()
        try await registry.assign(try UpdateName("43"), to: [try id("device"), try id("moving"), try id("denied")])
        #expect(registry.countAssigned(to: try update("43")) == 0)
        for name in ["device", "moving"] { registry.directory[try id(name)]?.change { $0.tag = try? UpdateTree.Tag("main") } }
        #expect(registry.countAssigned(to: try update("43")) == 2)
        #expect(registry.countAssigned(to: try update("43", channel: .prod)) == 0)
        #expect(registry.countAssigned(to: try update("42")) == 0)
    }
}

@Suite struct DeviceEntryTests {
    private func entry() throws -> DeviceEntry { DeviceEntry(DeviceState(id: try id("device"), channel: .ci, createdAt: 1), lastSeen: 0) }

    @Test("the revision rises with a change and stays without one")
    func revision() throws {
        let entry = try entry()
        let before = entry.revision
        let same = entry.change { $0.isDenied = false }
        #expect(!same && entry.revision == before)
        let changed = entry.change { $0.isDenied = true }
        #expect(changed && entry.revision == before + 1)
        entry.see(at: 5)
        #expect(entry.lastSeen == 5 && entry.revision == before + 1)
    }

    @Test("an entry waits once for being written, and again after a new change")
    func queueing() throws {
        let entry = try entry()
        let claims = [entry.enqueue(), entry.enqueue()]
        #expect(claims == [true, false])
        entry.see(at: 7)
        #expect(entry.dequeue().lastSeen == 7)
        let again = entry.enqueue()
        #expect(again)
    }

    @Test("what is noted before a claim is turned away is part of what gets written")
    func noLostContact() async throws {
        let entry = try entry()
        let last: Int64 = 20_000
        let written = await withTaskGroup(of: Int64.self) { group in
            group.addTask {
                for second in 1...last {
                    entry.see(at: second)
                    _ = entry.enqueue()
                }
                return 0
            }
            group.addTask {
                var newest: Int64 = 0
                for _ in 0..<last { newest = max(newest, entry.dequeue().lastSeen) }
                return newest
            }
            return await group.reduce(0, max)
        }
        // Either the last contact was written, or the entry waits to be.
        let waits = !entry.enqueue()
        #expect(written == last || waits)
    }

    @Test("many changes by many tasks are all counted")
    func concurrency() async throws {
        let entry = try entry()
        let before = entry.revision
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask { for number in 0..<500 { entry.change { $0.targetName = "\(task)-\(number)" } } }
            }
        }
        #expect(entry.revision == before + 4_000)
    }
}
