import DeviceAuth
import Synchronization
import UpdateTree

/// The one place where a device's record changes: storage first, then memory, then the caller hears of it.
///
/// Map: ``admit(_:)`` and ``enroll(_:tag:)`` for devices; ``deny(_:)``, ``undeny(_:)``, ``delete(_:)``,
/// ``allowKey(_:)``, ``assign(_:to:)``, ``preregister(_:channel:tag:)``, ``change(_:_:)``,
/// ``bulk(_:of:expected:)``, ``accept(_:)`` and ``reject(_:)`` for operators.
public final class DeviceRegistry: Sendable {
    public let directory: DeviceDirectory
    /// Answers filters over the directory.
    public let index: DeviceIndex
    public let policy: RegistrationPolicy
    /// Devices that wait to be registered, or were rejected.
    public let queue: RegistrationQueue
    let repository: any DeviceRepository
    let now: @Sendable () -> Int64
    let turns = Turns<DeviceID>()
    private let isSaved = Atomic(true)
    private let log: (any FleetLog)?

    /// Loads every device. `now` gives seconds since 1970; `log` is told what changed, behind the change.
    public init(
        repository: any DeviceRepository, policy: RegistrationPolicy, log: (any FleetLog)? = nil, now: @escaping @Sendable () -> Int64
    ) throws {
        self.log = log
        self.repository = repository
        self.policy = policy
        self.now = now
        let hours = try repository.loadContactHours()
        directory = DeviceDirectory(
            try repository.loadAll().map {
                DeviceEntry($0.state, lastSeen: $0.lastSeen, contactHours: hours[$0.state.id] ?? ContactHours())
            })
        index = DeviceIndex(directory)
        queue = RegistrationQueue(try repository.loadRegistrations())
    }

    // MARK: Devices

    /// Decides about a contact from memory alone.
    public func admit(_ identity: DeviceIdentity) -> (admission: Admission, entry: DeviceEntry?) {
        let entry = directory[identity.id]
        let registration = entry == nil ? queue[identity.id] : nil
        let admission = Admission.decide(
            identity: identity, known: entry?.state, registration: registration, policy: policy, now: now())
        return (admission, entry)
    }

    /// Carries out what ``admit(_:)`` decided; returns when the device is stored. Throws the refusal.
    ///
    /// - Parameter tag: what the device told with its request, for operators who decide about it.
    public func enroll(_ identity: DeviceIdentity, tag: Tag? = nil) async throws -> DeviceEntry {
        await turns.take(.one(identity.id))
        defer { turns.give(.one(identity.id)) }
        // Decided in turn: of two connections that race for the first contact, the second meets the key of the first.
        let (admission, known) = admit(identity)
        let channel = Channel(isProduction: identity.isProduction)
        switch admission {
        case .refused(let error): throw error
        case .wait: throw try await wait(identity, tag: tag)
        case .register:
            let state = DeviceState(id: identity.id, key: identity.key, channel: channel, createdAt: now())
            try await repository.add([state], publicKeyPEM: identity.publicKeyPEM)
            queue.remove([identity.id])
            // Before it counts as known: when this fails the device comes again, and is noted then.
            try await note(.enrolled, [identity.id])
            return directory.insert(DeviceEntry(state, lastSeen: now()))
        case .pin:
            guard let known else { throw Self.unknown(identity.id) }
            try await repository.pin(identity.key, publicKeyPEM: identity.publicKeyPEM, of: identity.id)
            known.change {
                $0.key = identity.key
                $0.allowsNewKey = false
                $0.channel = channel
            }
            try await note(.keyPinned, [identity.id])
            return known
        case .admitted:
            guard let known else { throw Self.unknown(identity.id) }
            return known
        }
    }

    /// When each device's certificate ends, seconds since 1970, of those that were ever here.
    public func certificateEnds() -> [(id: DeviceID, ends: Int64)] {
        directory.all.compactMap { entry in
            let state = entry.state
            return state.isDeleted ? nil : state.certificateEnds.map { (state.id, $0) }
        }
    }

    // MARK: Operators

    /// Registers devices before their first contact. Those that are known stay as they are.
    public func preregister(_ ids: [DeviceID], channel: Channel, tag: Tag?) async throws {
        await turns.take(.all)
        defer { turns.give(.all) }
        let states = ids.map { DeviceState(id: $0, channel: channel, createdAt: now(), tag: tag) }
        try await repository.add(states, publicKeyPEM: nil)
        for state in states { _ = directory.insert(DeviceEntry(state, lastSeen: 0)) }
        queue.remove(ids)
        try await note(.preregistered, ids)
    }

    public func deny(_ id: DeviceID) async throws {
        await turns.take(.one(id))
        defer { turns.give(.one(id)) }
        let entry = try entry(id)
        try await repository.setDenied(true, of: [id])
        entry.change { $0.isDenied = true }
        try await note(.denied, [id])
    }

    /// Lifts a denial or a deletion.
    public func undeny(_ id: DeviceID) async throws {
        await turns.take(.one(id))
        defer { turns.give(.one(id)) }
        guard let entry = directory[id] else { throw Self.unknown(id) }
        try await repository.restore([id])
        entry.change {
            $0.isDenied = false
            $0.isDeleted = false
        }
        try await note(.undenied, [id])
    }

    /// Lets the next key that differs from the pinned one be pinned in its place.
    public func allowKey(_ id: DeviceID) async throws {
        await turns.take(.one(id))
        defer { turns.give(.one(id)) }
        let entry = try entry(id)
        try await repository.allowNewKey(of: id)
        entry.change { $0.allowsNewKey = true }
        try await note(.keyAllowed, [id])
    }

    /// Forgets a device. Its certificate does not bring it back; ``undeny(_:)`` does.
    public func delete(_ id: DeviceID) async throws {
        await turns.take(.one(id))
        defer { turns.give(.one(id)) }
        let entry = try entry(id)
        try await repository.markDeleted([id])
        entry.change {
            $0 = DeviceState(id: id, isDeleted: true, channel: $0.channel, createdAt: $0.createdAt)
        }
        try await note(.deleted, [id])
    }

    /// Assigns an update name to devices, all of them or none. Those that are unknown or deleted are passed over.
    public func assign(_ name: UpdateName?, to ids: [DeviceID]) async throws {
        guard !ids.isEmpty else { return }
        let claim = ids.count == 1 ? Turns.Claim.one(ids[0]) : .all
        await turns.take(claim)
        defer { turns.give(claim) }
        try await repository.assign(name, to: ids)
        for id in ids { directory[id]?.change { if !$0.isDeleted { $0.updateName = name } } }
        try await note(.assigned(name), ids.filter { directory[$0].map { !$0.state.isDeleted } ?? false })
    }

    func note(_ kind: FleetNote.Kind, _ ids: [DeviceID]) async throws {
        try await log?.note(ids.map { FleetNote(kind, $0) })
    }

    /// The entry of a device that is not deleted.
    public func entry(_ id: DeviceID) throws(FleetError) -> DeviceEntry {
        guard let entry = directory[id], !entry.state.isDeleted else { throw Self.unknown(id) }
        return entry
    }

    public func publicKeyPEM(of id: DeviceID) async throws -> String? { try await repository.publicKeyPEM(of: id) }

    /// How many devices an update is assigned to.
    public func countAssigned(to key: UpdateKey) -> Int {
        directory.all.count { entry in
            let state = entry.state
            return !state.isDeleted
                && Resolution(channel: state.channel, tag: state.tag, assigned: state.updateName) == .update(key)
        }
    }

    /// Writes check-ins that a gateway collected.
    public func save(_ checkIns: [CheckInRecord]) async throws {
        isSaved.store(false, ordering: .relaxed)
        try await repository.save(checkIns)
        isSaved.store(true, ordering: .relaxed)
    }

    /// Whether the last check-ins that were to be written were written; a gateway tries those again that were not.
    public var hasSavedAll: Bool { isSaved.load(ordering: .relaxed) }

    static func unknown(_ id: DeviceID) -> FleetError {
        FleetError(.deviceUnknown, "there is no device \(id); see the list of devices")
    }
}
