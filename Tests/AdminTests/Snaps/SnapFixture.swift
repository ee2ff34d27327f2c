import DeviceAuth
import Fleet
import FleetTesting
import Snaps

/// What devices say of their snaps.
extension Fixture {
    func publish(_ names: [String], hashes: String = "h", from device: String) async throws {
        let list = try SnapRepositoryContract.list(names, hashes: hashes)
        _ = try await snaps.exchange(over: .https).answer(
            SnapAnswer(id: "", action: .list, success: true, list: list), from: DeviceID(device))
    }

    /// Returns what the device is asked then.
    func heartbeat(_ device: String, model: String? = nil, hashes: String = "h") throws -> [SnapRequest] {
        snaps.exchange(over: .https).heartbeat(
            Heartbeat(
                device: device, refresh: "2026-03-01T12:00:00Z",
                hashes: SnapHashes(list: "\(hashes)-list", names: "\(hashes)-names"), brand: "acme",
                model: try model.map { try ModelName($0) }), from: try DeviceID(device))
    }
}
