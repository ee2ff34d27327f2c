import DeviceAuth
import Fleet
import Synchronization
import Testing

@Suite("Statuses after a kill") struct StatusRecoveryTests {
    private struct Kept: EventHistory {
        let events: [DeviceID: [DeviceEvent]]
        let writes: [(device: DeviceID, at: Int64)]
        func events(of device: DeviceID) async throws -> [CorrelatedEvents] {
            [CorrelatedEvents(correlation: .unknown, events: events[device] ?? [])]
        }
        func lastWrites() async throws -> [(device: DeviceID, at: Int64)] { writes }
    }

    private final class Mark: StopMark {
        let value = Atomic(false)
        func isStopped() throws -> Bool { value.load(ordering: .relaxed) }
        func set(isStopped: Bool) async throws { value.store(isStopped, ordering: .relaxed) }
    }

    private let devices = MemoryDevices()
    private let mark = Mark()

    /// `behind` had its last event later than its last contact is known, `current` long before.
    private func recover() async throws -> (DeviceRegistry, Int) {
        let states = try ["behind", "current", "deleted"].map {
            DeviceState(id: try id($0), isDeleted: $0 == "deleted", channel: .ci, createdAt: 1)
        }
        try await devices.add(states, publicKeyPEM: nil)
        try await devices.save(states.map { DeviceEntry($0, lastSeen: 5_000).dequeue() })
        let registry = try DeviceRegistry(repository: devices, policy: .open, now: { 6_000 })
        let failed = try event("EcuInstallationCompleted", success: false)
        let kept = Kept(
            events: [try id("behind"): [failed], try id("current"): [failed], try id("deleted"): [failed], try id("nobody"): [failed]],
            writes: [(try id("behind"), 5_000), (try id("current"), 1_000), (try id("deleted"), 5_000), (try id("nobody"), 5_000)])
        return (registry, try await StatusRecovery(registry: registry, history: kept, mark: mark).run())
    }

    @Test("the status of a device whose last event may not be in the database is derived from its files, and stored")
    func behind() async throws {
        let (registry, count) = try await recover()
        #expect(count == 1)
        #expect(registry.directory[try id("behind")]?.state.status == .failed)
        #expect(devices[try id("behind")]?.state.status == .failed)
        #expect(registry.directory[try id("current")]?.state.status == .unknown)
        #expect(registry.directory[try id("deleted")]?.state.status == .unknown)
        #expect(try mark.isStopped())
    }

    @Test("after a stop in order nothing is looked at")
    func stopped() async throws {
        try await mark.set(isStopped: true)
        #expect(try await recover().1 == 0)
    }
}
