import DeviceAuth
import Fleet
import Foundation
import Snaps
import Synchronization
import Testing

@Suite("The enrolment desk")
final class EnrolmentDeskTests: Sendable {
    private let folder = NSTemporaryDirectory() + "enrolment-\(UUID().uuidString)"
    private let devices = MemoryDevices()
    private let enrolments = MemoryEnrolments()
    private let clock = Clock(1_000, step: 0)
    private let models = Mutex<[String]>([])
    private let registry: DeviceRegistry

    init() throws {
        registry = try DeviceRegistry(repository: devices, policy: .preregistered, now: { [clock] in clock.now() })
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try CertificateDirectory("\(folder)/certs").initialise(
            factory: FactoryName("test"), serverNames: [ServerName("localhost")], now: .now)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private struct Broken: Error {}

    private func desk(isNoteBroken: Bool = false) -> EnrolmentDesk {
        EnrolmentDesk(
            repository: enrolments, registry: registry,
            issue: { [folder] id, channel in
                try CertificateDirectory("\(folder)/certs").issueDevice(id, isProduction: channel.isProduction, now: .now)
            },
            noteModel: { [self] id, brand, model, serial in
                if isNoteBroken { throw Broken() }
                models.withLock { $0.append("\(id) \(brand) \(model) \(serial)") }
            }, makeID: { "made" }, now: { [clock] in clock.now() })
    }

    private func subject() throws -> EnrolmentSubject { try EnrolmentSubject(brand: "acme", model: "pump-24", serial: "0017") }

    /// What the gateway says to whoever has these credentials.
    private func admission(_ credentials: DeviceCredentials) -> Admission {
        registry.admit(
            DeviceIdentity(
                id: credentials.id, factory: credentials.factory, isProduction: credentials.isProduction,
                publicKeyPEM: credentials.publicKeyPEM, key: credentials.key, notAfter: credentials.notAfter, serial: credentials.serial.hex
            )
        ).admission
    }

    @Test("a refused device gets no certificate and is no device")
    func refused() async throws {
        await #expect(throws: FleetError.self) { try await self.desk().enrol(try assertions()) }
        #expect(registry.directory.all.isEmpty && models.withLock { $0.isEmpty })
    }

    @Test("a device that was deleted or denied does not come back by enrolling", arguments: [true, false])
    func turnedAway(isDeleted: Bool) async throws {
        _ = try await desk().add(subject(), as: id("d"), organization: .standard, channel: .ci)
        try await registry.preregister([id("d")], channel: .ci, tag: nil)
        try await isDeleted ? registry.delete(id("d")) : registry.deny(id("d"))
        let error = await #expect(throws: FleetError.self) { try await self.desk().enrol(try assertions()) }
        #expect(error?.code == (isDeleted ? .deviceDeleted : .deviceDenied))
    }

    @Test("an enrolled device is admitted with its key, on its channel, and its model was noted", arguments: [true, false])
    func enrols(isProduction: Bool) async throws {
        _ = try await desk().add(subject(), as: nil, organization: .standard, channel: isProduction ? .prod : .ci)
        let grant = try await desk().enrol(try assertions())
        #expect(grant.credentials.id.text == "0017" && grant.credentials.isProduction == isProduction)
        #expect(admission(grant.credentials) == .admitted)
        #expect(registry.directory[grant.credentials.id]?.state.channel == (isProduction ? .prod : .ci))
        #expect(models.withLock { $0 } == ["0017 acme pump-24 0017"])
        #expect(devices[grant.credentials.id]?.state.key == grant.credentials.key)
    }

    @Test("credentials that are given again take the place of the first, which are worth nothing then")
    func again() async throws {
        _ = try await desk().add(subject(), as: nil, organization: .standard, channel: .ci)
        let first = try await desk().enrol(try assertions())
        clock.pass(600)
        let second = try await desk().enrol(try assertions())
        #expect(first.credentials.key != second.credentials.key)
        #expect(admission(second.credentials) == .admitted && admission(first.credentials) != .admitted)
        clock.pass(1)
        let error = await #expect(throws: FleetError.self) { try await self.desk().enrol(try assertions()) }
        #expect(error?.code == .enrolmentDone)
    }

    @Test("once the device was here nobody gets other credentials, until an operator resets it")
    func used() async throws {
        let desk = desk()
        let record = try await desk.add(subject(), as: nil, organization: .standard, channel: .ci)
        let first = try await desk.enrol(try assertions())
        registry.directory[record.device]?.see(at: clock.now())
        await #expect(throws: FleetError.self) { try await desk.enrol(try assertions()) }
        #expect(try await desk.reset(record.device).state == .waiting)
        #expect(admission(first.credentials) == .admitted)
        let second = try await desk.enrol(try assertions(key: .two))
        #expect(admission(second.credentials) == .admitted && admission(first.credentials) != .admitted)
    }

    @Test("of two requests at the same time with different keys one gets credentials")
    func race() async throws {
        let desk = desk()
        _ = try await desk.add(subject(), as: nil, organization: .standard, channel: .ci)
        async let one = try? desk.enrol(try assertions(key: .one))
        async let two = try? desk.enrol(try assertions(key: .two))
        let grants = await [one, two].compactMap { $0 }
        #expect(grants.count == 1)
        #expect(try admission(#require(grants.first).credentials) == .admitted)
    }

    @Test("a device whose enrolment broke off at any step may ask again")
    func brokenOff() async throws {
        _ = try await desk().add(subject(), as: nil, organization: .standard, channel: .ci)
        for write in 1...2 {
            devices.use(Fault(atWrite: write))
            await #expect(throws: Fault.Hit.self) { try await self.desk().enrol(try assertions()) }
        }
        devices.use(Fault())
        await #expect(throws: Broken.self) { try await self.desk(isNoteBroken: true).enrol(try assertions()) }
        enrolments.use(Fault(atWrite: 1))
        await #expect(throws: Fault.Hit.self) { try await self.desk().enrol(try assertions()) }
        let grant = try await desk().enrol(try assertions())
        #expect(admission(grant.credentials) == .admitted)
    }

    @Test("a device that was removed does not enrol")
    func removed() async throws {
        let record = try await desk().add(subject(), as: nil, organization: .standard, channel: .ci)
        try await desk().remove(record.device)
        let error = await #expect(throws: FleetError.self) { try await self.desk().enrol(try assertions()) }
        #expect(error?.code == .enrolmentUnknown)
    }
}
