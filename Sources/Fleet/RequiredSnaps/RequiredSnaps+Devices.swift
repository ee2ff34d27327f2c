import DeviceAuth
import Snaps

/// What operators change about one device.
extension RequiredSnaps {
    /// Sets a device's model; nil lets count again what the device says.
    public func setModel(_ model: ModelName?, of device: DeviceID) async throws {
        try await change(modelOf: device) { $0.assigned = model }
    }

    /// Takes over what a device was enrolled with.
    public func note(_ claim: DeviceModel.Claim, serial: String?, of device: DeviceID) async throws {
        try await change(modelOf: device) { model in
            model.hear(claim)
            if let serial { model.serial = serial }
        }
    }

    private func change(modelOf device: DeviceID, _ body: @Sendable (inout DeviceModel) -> Void) async throws {
        await turns.take(.one(device))
        defer { turns.give(.one(device)) }
        _ = try registry.entry(device)
        var record = known(device)?.record ?? SnapDeviceRecord(device: device)
        body(&record.model)
        try await repository.save([record], sent: [])
        change(device) { body(&$0.record.model) }
        // What is being written behind at this moment may be from before.
        noteUnsaved(device)
    }

    /// Forgets all that is known of a device's snaps, its open orders too.
    public func forget(_ device: DeviceID) async throws {
        await turns.take(.one(device))
        defer { turns.give(.one(device)) }
        try await repository.forget(device)
        drop(device)
    }

    // MARK: Orders

    /// Stores an order; the device gets it with its next heartbeat.
    public func order(_ new: NewSnapOrder, for device: DeviceID, by operatorName: String) async throws -> SnapOrder {
        await turns.take(.one(device))
        defer { turns.give(.one(device)) }
        _ = try registry.entry(device)
        let moment = now()
        guard (known(device)?.orders.count { !$0.isExpired(at: moment) } ?? 0) < SnapOrder.mostOpen else {
            throw FleetError(.snapOrdersFull, "\(device) has \(SnapOrder.mostOpen) open orders; wait until it has answered some")
        }
        let order = SnapOrder(
            device: device, action: new.action, snap: new.snap, data: new.data, by: operatorName, createdAt: moment,
            request: SentRequest(id: Self.newID()))
        try await repository.add(order)
        change(device) { $0.orders.append(order) }
        return order
    }

    /// Newest first. One whose time is over is shown as expired, also while the device is away.
    public func orders(of device: DeviceID, limit: Int) async throws -> [SnapOrder] {
        _ = try registry.entry(device)
        let moment = now()
        return try await repository.orders(of: device, limit: limit).map { order in
            order.outcome == nil && order.isExpired(at: moment) ? order.expired(at: order.createdAt + SnapOrder.lifetime) : order
        }
    }
}
