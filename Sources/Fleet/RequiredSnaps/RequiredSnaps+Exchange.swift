import DeviceAuth
import Snaps

/// What devices say, by whichever transport.
extension RequiredSnaps {
    public func exchange(over transport: SnapTransport) -> any SnapExchange { Exchange(snaps: self, transport: transport) }

    private struct Exchange: SnapExchange {
        let snaps: RequiredSnaps
        let transport: SnapTransport

        func heartbeat(_ heartbeat: Heartbeat, from device: DeviceID) -> [SnapRequest] {
            snaps.hear(.heartbeat(heartbeat), from: device, over: transport).send
        }

        func answer(_ answer: SnapAnswer, from device: DeviceID) async throws -> [SnapRequest] {
            guard snaps.underway.take(device) else { throw RequiredSnaps.busy }
            defer { snaps.underway.give(device) }
            // Lists and outcomes of one device are stored in the order in which they came.
            await snaps.turns.take(.one(device))
            defer { snaps.turns.give(.one(device)) }
            if let list = answer.list { return try await snaps.take(list, with: answer, from: device, over: transport) }
            return try await snaps.take(answer, from: device, over: transport)
        }
    }

    /// Requests that a transport could not send after all: they are sent again as if they had not been.
    public func unsent(_ requests: [SnapRequest], of device: DeviceID) {
        let ids = Set(requests.map(\.id))
        change(device) { device in
            for index in device.orders.indices where ids.contains(device.orders[index].id) { device.orders[index].request.attempts = 0 }
        }
    }

    private static let busy = FleetError(
        .deviceBusy, "\(mostUnderway) answers of the device are being stored; send the next one when one of them is")

    private func take(
        _ list: SnapList, with answer: SnapAnswer, from device: DeviceID, over transport: SnapTransport
    ) async throws -> [SnapRequest] {
        try await repository.replaceList(of: device, with: list, at: now())
        let requests = hear(.list(list), from: device, over: transport).send
        // An operator may have ordered it.
        return try await requests + take(answer, from: device, over: transport)
    }

    /// The outcome is stored before the order is forgotten: an agent that gets no answer says it again.
    private func take(_ answer: SnapAnswer, from device: DeviceID, over transport: SnapTransport) async throws -> [SnapRequest] {
        if let outcome = known(device)?.outcome(of: answer, at: now()) { try await repository.finish([outcome]) }
        let decision = hear(.answer(answer), from: device, over: transport)
        if decision.mustSave, let record = known(device)?.record { try await repository.save([record], sent: []) }
        return decision.send
    }
}
