import DeviceAuth
import Snaps
import UpdateTree

/// Gives devices that an operator named their credentials, once.
///
/// ```swift
/// let record = try await desk.add(subject, as: nil, organization: .standard, channel: .ci)
/// let grant = try await desk.enrol(DeviceAssertions(parsing: body))
/// ```
///
/// Map: ``enrol(_:)`` for devices; ``add(_:as:organization:channel:)``, ``page(after:limit:)``, ``reset(_:)`` and
/// ``remove(_:)`` for operators.
public final class EnrolmentDesk: Sendable {
    /// Makes a key and a certificate.
    public typealias Issuing = @Sendable (DeviceID, Channel) async throws -> DeviceCredentials
    /// Hears which model a device is, before its credentials are given out.
    public typealias ModelNote = @Sendable (DeviceID, _ brand: String, _ model: ModelName, _ serial: String) async throws -> Void

    private let repository: any EnrolmentRepository
    private let registry: DeviceRegistry
    private let issue: Issuing
    private let noteModel: ModelNote
    private let makeID: @Sendable () -> String
    private let now: @Sendable () -> Int64
    private let turns = Turns<EnrolmentSubject>()

    /// - Parameters:
    ///   - makeID: an id for a device whose serial number cannot be one, such as a random UUID.
    ///   - now: seconds since 1970.
    public init(
        repository: any EnrolmentRepository, registry: DeviceRegistry, issue: @escaping Issuing, noteModel: @escaping ModelNote,
        makeID: @escaping @Sendable () -> String, now: @escaping @Sendable () -> Int64
    ) {
        self.repository = repository
        self.registry = registry
        self.issue = issue
        self.noteModel = noteModel
        self.makeID = makeID
        self.now = now
    }

    /// Decides, and gives out credentials that the gateway takes from then on. Throws the refusal.
    public func enrol(_ assertions: DeviceAssertions) async throws -> EnrolmentGrant {
        let subject = EnrolmentSubject(assertions)
        // Of two requests at the same time the second meets what became of the first.
        await turns.take(.one(subject))
        defer { turns.give(.one(subject)) }
        let known = try await repository.find(subject)
        let record = try decide(assertions, known)
        try registry.checkCanTakeKey(record.device)
        let credentials = try await issue(record.device, record.channel)
        try await registry.take(credentials)
        try await noteModel(record.device, subject.brand.text, subject.model, subject.serial.text)
        // Last: after a failure before this the device may ask again, and its newest key is the one that counts.
        guard try await repository.replace(record) else { throw Self.unknown(record.device) }
        return EnrolmentGrant(record: record, assertions: assertions, credentials: credentials)
    }

    private func decide(_ assertions: DeviceAssertions, _ known: EnrolmentRecord?) throws(FleetError) -> EnrolmentRecord {
        let lastSeen = known.flatMap { registry.directory[$0.device]?.lastSeen } ?? 0
        switch EnrolmentDecision.decide(assertions, record: known, lastSeen: lastSeen, now: now()) {
        case .issue(let record): return record
        case .refuse(let error): throw error
        }
    }

    // MARK: Operators

    /// Registers a device for enrolment.
    ///
    /// - Parameter device: its id; else its serial number, when that can be an id and nobody has it, else a random one.
    public func add(
        _ subject: EnrolmentSubject, as device: DeviceID?, organization: OrganizationName, channel: Channel
    ) async throws -> EnrolmentRecord {
        await turns.take(.all)
        defer { turns.give(.all) }
        let id = try await chosenID(device, subject)
        let record = EnrolmentRecord(subject, device: id, organization: organization, channel: channel, registeredAt: now())
        guard try await repository.add(record) else {
            throw FleetError(
                .enrolmentExists,
                "the device \(subject), or one with the id \(id), is registered for enrolment already; see otactl enrolments")
        }
        return record
    }

    private func chosenID(_ device: DeviceID?, _ subject: EnrolmentSubject) async throws -> DeviceID {
        if let device { return device }
        if let serial = try? DeviceID(subject.serial.text), registry.directory[serial] == nil, try await repository.find(serial) == nil {
            return serial
        }
        return try DeviceID(makeID())
    }

    public func page(after device: DeviceID?, limit: Int) async throws -> [EnrolmentRecord] {
        try await repository.page(after: device, limit: limit)
    }

    /// Lets a device enrol again, within a new window. What it has stays good until it does.
    public func reset(_ device: DeviceID) async throws -> EnrolmentRecord {
        await turns.take(.all)
        defer { turns.give(.all) }
        guard var record = try await repository.find(device) else { throw Self.unknown(device) }
        record.registeredAt = now()
        record.state = .waiting
        guard try await repository.replace(record) else { throw Self.unknown(device) }
        return record
    }

    /// Forgets that a device may enrol. The device itself and its credentials stay.
    public func remove(_ device: DeviceID) async throws {
        await turns.take(.all)
        defer { turns.give(.all) }
        guard try await repository.remove(device) else { throw Self.unknown(device) }
    }

    private static func unknown(_ device: DeviceID) -> FleetError {
        FleetError(.enrolmentUnknown, "no device \(device) is registered for enrolment; see otactl enrolments")
    }
}
