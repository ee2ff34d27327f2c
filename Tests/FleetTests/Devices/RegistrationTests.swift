import DeviceAuth
import Fleet
import Synchronization
import Testing
import UpdateTree

@Suite("Registrations") final class RegistrationTests: Sendable {
    private let devices = MemoryDevices()
    private let time = Mutex<Int64>(1_000)

    private func registry(_ policy: RegistrationPolicy = .queue) throws -> DeviceRegistry {
        try DeviceRegistry(repository: devices, policy: policy, now: { [self] in time.withLock { $0 } })
    }

    private func code(_ registry: DeviceRegistry, _ name: String, key digit: Character = "a") async throws -> FleetError.Code? {
        do {
            _ = try await registry.enroll(try identity(name, key: digit), tag: try UpdateTree.Tag("main"))
            return nil
        } catch let error as FleetError {
            return error.code
        }
    }

    @Test("the first contact waits, also after a restart, until an operator accepts it with the key that came first")
    func life() async throws {
        #expect(try await code(registry(), "d") == .devicePending)
        let registry = try registry()
        #expect(try await code(registry, "d", key: "b") == .devicePending)
        let waiting = try #require(registry.queue[try id("d")])
        #expect(waiting.subject == "CN=d, OU=factory" && waiting.tag?.text == "main")
        #expect(try waiting.key == key("a"))
        #expect(registry.directory[try id("d")] == nil)
        #expect(try await registry.accept([try id("d")]) == 1)
        #expect(try await code(registry, "d") == nil)
        #expect(try await code(registry, "d", key: "b") == .deviceKeyChanged)
        #expect(registry.directory[try id("d")]?.state == devices[try id("d")]?.state)
        #expect(devices[try id("d")]?.publicKeyPEM == "PEM a")
        #expect(devices.loadRegistrations().isEmpty && registry.queue.pending == 0)
        #expect(try await registry.accept([try id("d")]) == 0)
    }

    @Test("a rejected device stays out whatever the policy is by then, and accepting it afterwards lets it in")
    func rejected() async throws {
        let first = try registry()
        _ = try await code(first, "d")
        #expect(try await first.reject([try id("d")]) == 1)
        #expect(try await first.reject([try id("d")]) == 0)
        for policy in RegistrationPolicy.allCases { #expect(try await code(registry(policy), "d") == .deviceRejected) }
        #expect(try await first.accept([try id("d")]) == 1)
        #expect(try await code(first, "d") == nil)
        await #expect { try await first.reject([try id("d")]) } throws: { ($0 as? FleetError)?.code == .registrationUnknown }
    }

    @Test("of several devices all are accepted or none")
    func allOrNone() async throws {
        let registry = try registry()
        _ = try await code(registry, "a")
        for operation in [registry.accept, registry.reject] as [([DeviceID]) async throws -> Int] {
            await #expect { try await operation([try id("a"), try id("nobody")]) } throws: {
                ($0 as? FleetError)?.code == .registrationUnknown
            }
        }
        #expect(registry.queue[try id("a")]?.isRejected == false)
        #expect(registry.directory.count == 0)
    }

    @Test("when the storage fails nobody waits, is accepted or is rejected")
    func storageFirst() async throws {
        let registry = try registry()
        devices.use(Fault(atWrite: 1))
        await #expect(throws: Fault.Hit.self) { try await registry.enroll(try identity("d")) }
        #expect(registry.queue.pending == 0)
        devices.use(Fault())
        _ = try await code(registry, "d")
        devices.use(Fault(atWrite: 1))
        await #expect(throws: Fault.Hit.self) { try await registry.accept([try id("d")]) }
        devices.use(Fault(atWrite: 1))
        await #expect(throws: Fault.Hit.self) { try await registry.reject([try id("d")]) }
        devices.use(Fault())
        #expect(registry.queue[try id("d")]?.isRejected == false && registry.directory.count == 0)
    }

    @Test("a flood of certificates fills the queue and not the disk; who waits already goes on waiting")
    func full() async throws {
        let many = try (0..<Registration.mostPending - 5).map { Registration(try identity("w\($0)"), tag: nil, at: 1_000) }
        try await devices.save(many)
        let registry = try registry()
        let codes = await withTaskGroup(of: FleetError.Code?.self) { group in
            for number in 0..<50 { group.addTask { [self] in try? await code(registry, "new-\(number)") } }
            return await group.reduce(into: [FleetError.Code?: Int]()) { $0[$1, default: 0] += 1 }
        }
        #expect(codes == [.devicePending: 5, .registrationsFull: 45])
        #expect(devices.loadRegistrations().count == Registration.mostPending)
        #expect(try await code(registry, "w1") == .devicePending)
        _ = try await registry.reject([try id("w1")])
        #expect(try await code(registry, "one-more") == .devicePending)
    }

    @Test("tries are noted once a minute, so that one that comes all the time writes little")
    func tries() async throws {
        let registry = try registry()
        let device = try identity("d")
        #expect(registry.admit(device).admission == .wait)
        _ = try await code(registry, "d")
        time.withLock { $0 = 1_059 }
        guard case .refused(let error) = registry.admit(device).admission else { throw error("not refused") }
        #expect(error.code == .devicePending)
        time.withLock { $0 = 1_060 }
        #expect(registry.admit(device).admission == .wait)
        _ = try await code(registry, "d")
        #expect(devices.loadRegistrations().map { [$0.firstTry, $0.lastTry] } == [[1_000, 1_060]])
    }

    private struct Unexpected: Error { let text: String }
    private func error(_ text: String) -> Unexpected { Unexpected(text: text) }

    @Test("a device that waits is let in by an open door or a registration by hand, and waits no more")
    func otherDoors() async throws {
        _ = try await code(registry(), "a")
        _ = try await code(registry(), "b")
        let open = try registry(.open)
        #expect(try await code(open, "a") == nil)
        try await open.preregister([try id("b")], channel: .ci, tag: nil)
        #expect(open.queue.pending == 0 && devices.loadRegistrations().isEmpty)
        #expect(try await code(try registry(.preregistered), "c") == .deviceNotRegistered)
    }

    @Test("pages of those that wait follow each other, the rejected apart")
    func pages() async throws {
        let registry = try registry()
        for name in ["c", "a", "d", "b"] { _ = try await code(registry, name) }
        _ = try await registry.reject([try id("b")])
        let first = registry.queue.page(rejected: false, after: nil, limit: 2)
        let second = registry.queue.page(rejected: false, after: first.last?.id, limit: 2)
        #expect((first + second).map(\.id.text) == ["a", "c", "d"])
        #expect(registry.queue.page(rejected: true, after: nil, limit: 9).map(\.id.text) == ["b"])
    }
}
