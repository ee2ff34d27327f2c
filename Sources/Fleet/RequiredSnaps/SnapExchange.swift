import DeviceAuth
import Snaps

/// What a transport tells of a device's agent, and what it gets to send back.
public protocol SnapExchange: Sendable {
    func heartbeat(_ heartbeat: Heartbeat, from device: DeviceID) -> [SnapRequest]
    func answer(_ answer: SnapAnswer, from device: DeviceID) async throws -> [SnapRequest]
}
