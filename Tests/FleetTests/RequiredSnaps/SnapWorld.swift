import DeviceAuth
import Snaps

@testable import Fleet

/// One device and what the engine may know of the world around it, with a clock that stands until it is moved.
struct SnapWorld {
    var device: SnapDevice
    var now: Int64 = 1_000_000
    var transport = SnapTransport.https
    var required: [SnapRequirement] = []
    var mayTell = true
    var mayAsk = true
    private var ids = 0

    init() throws { device = SnapDevice(SnapDeviceRecord(device: try DeviceID("one"))) }

    mutating func hear(_ event: SnapEvent) -> SnapDecision {
        var made: [String] = []
        let before = ids
        let required = required
        let (mayTell, mayAsk) = (mayTell, mayAsk)
        let world = SnapSurroundings(
            now: now, transport: transport, requirements: { _ in required },
            plan: { missing, record in InstallPlan(shelves: [], architecture: nil, installed: record.names ?? []).snaps(missing) },
            newID: {
                made.append("")
                return "r\(before + made.count)"
            }, mayTell: { _ in mayTell }, mayAsk: { _ in mayAsk })
        let decision = device.hear(event, in: world)
        ids += made.count
        return decision
    }

    mutating func heartbeat(_ hashes: SnapHashes?) -> SnapDecision {
        hear(.heartbeat(Heartbeat(device: "one", refresh: "2026-01-01T00:00:00Z", hashes: hashes)))
    }

    mutating func list(_ names: [String], _ hashes: SnapHashes?) throws -> SnapDecision {
        hear(.list(SnapList(hashes: hashes, snaps: try names.map { try Self.listed($0) })))
    }

    mutating func require(_ names: String...) throws { required = try names.map { try SnapRequirement(snap: SnapName($0)) } }

    static func listed(_ name: String) throws -> ListedSnap {
        ListedSnap(
            deviceId: nil, name: try SnapName(name), installedSize: nil, installedDate: nil, status: nil, channel: nil, confinement: nil,
            version: nil, revision: nil, devmode: nil, config: nil, services: nil)
    }

    static func hashes(_ text: String) -> SnapHashes { SnapHashes(list: "l\(text)", names: "n\(text)") }
}
