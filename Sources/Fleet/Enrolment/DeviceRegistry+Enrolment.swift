import DeviceAuth
import UpdateTree

/// Keys that are made here and given to a device.
extension DeviceRegistry {
    /// Whether a device of this id may be given a key: what an operator turned away stays away.
    func checkCanTakeKey(_ id: DeviceID) throws(FleetError) {
        guard let state = directory[id]?.state else { return }
        if state.isDeleted { throw FleetError(.deviceDeleted, "the device \(id) was deleted; undeny it to let it enrol again") }
        if state.isDenied { throw FleetError(.deviceDenied, "the device \(id) is denied; undeny it to let it enrol") }
    }

    /// Registers a device with the key that it is about to get; one that is known keeps its record, its former key counts no more.
    func take(_ credentials: DeviceCredentials) async throws {
        let id = credentials.id
        let channel = Channel(isProduction: credentials.isProduction)
        await turns.take(.one(id))
        defer { turns.give(.one(id)) }
        try checkCanTakeKey(id)
        if directory[id] == nil {
            let state = DeviceState(id: id, channel: channel, createdAt: now())
            try await repository.add([state], publicKeyPEM: nil)
            _ = directory.insert(DeviceEntry(state, lastSeen: 0))
            queue.remove([id])
            try await note(.preregistered, [id])
        }
        try await repository.pin(credentials.key, publicKeyPEM: credentials.publicKeyPEM, of: id)
        directory[id]?.change {
            $0.key = credentials.key
            $0.allowsNewKey = false
            $0.channel = channel
        }
        try await note(.keyPinned, [id])
    }
}
