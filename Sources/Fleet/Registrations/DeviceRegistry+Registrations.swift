import DeviceAuth
import UpdateTree

/// What operators decide about devices that ask to be let in.
extension DeviceRegistry {
    /// Lets devices in with the keys that they came with; also after a rejection. All or none; devices that are
    /// registered already are passed over. Returns how many are new.
    public func accept(_ ids: [DeviceID]) async throws -> Int {
        await turns.take(.all)
        defer { turns.give(.all) }
        let accepted = try registrations(of: ids)
        guard !accepted.isEmpty else { return 0 }
        let time = now()
        try await repository.accept(accepted, at: time)
        for registration in accepted { _ = directory.insert(DeviceEntry(registration.device(at: time), lastSeen: registration.lastTry)) }
        queue.remove(accepted.map(\.id))
        try await note(.accepted, accepted.map(\.id))
        return accepted.count
    }

    /// Turns devices away until ``accept(_:)``. All or none. Returns how many were not rejected before.
    public func reject(_ ids: [DeviceID]) async throws -> Int {
        await turns.take(.all)
        defer { turns.give(.all) }
        if let known = ids.first(where: { directory[$0] != nil }) {
            throw FleetError(.registrationUnknown, "the device \(known) is registered already; deny it to serve it no longer")
        }
        let rejected = try registrations(of: ids).filter { !$0.isRejected }.map { registration in
            var registration = registration
            registration.isRejected = true
            return registration
        }
        guard !rejected.isEmpty else { return 0 }
        try await repository.save(rejected)
        for registration in rejected { queue.put(registration) }
        try await note(.rejected, rejected.map(\.id))
        let forgotten = queue.excess(beyond: Registration.mostRejected)
        if !forgotten.isEmpty {
            try await repository.removeRegistrations(forgotten)
            queue.remove(forgotten)
        }
        return rejected.count
    }

    private func registrations(of ids: [DeviceID]) throws(FleetError) -> [Registration] {
        var found: [Registration] = []
        for id in Set(ids).sorted() where directory[id] == nil {
            guard let registration = queue[id] else {
                throw FleetError(.registrationUnknown, "no device \(id) asks to be registered; see the list of registrations")
            }
            found.append(registration)
        }
        return found
    }

    /// Stores that a device tried, and returns the refusal. To be called in the device's turn.
    func wait(_ identity: DeviceIdentity, tag: Tag?) async throws -> FleetError {
        let time = now()
        if var known = queue[identity.id] {
            known.lastTry = time
            return try await keep(known)
        }
        guard queue.reserve(most: Registration.mostPending) else {
            return FleetError(
                .registrationsFull,
                "\(Registration.mostPending) devices wait to be registered already; accept or reject some with otactl registrations")
        }
        defer { queue.release() }
        return try await keep(Registration(identity, tag: tag, at: time))
    }

    private func keep(_ registration: Registration) async throws -> FleetError {
        try await repository.save([registration])
        queue.put(registration)
        return Admission.refusal(of: registration)
    }
}
