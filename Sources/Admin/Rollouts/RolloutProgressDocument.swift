import DeviceAuth
import Fleet

/// How far a rollout is: counts over all of it, and a page of its devices.
struct RolloutProgressDocument: Encodable, Sendable {
    struct Device: Encodable, Sendable {
        let uuid: String
        let phase: String
        /// The last status that the device reported.
        let status: Nullable<String>
    }

    private enum Member: CodingKey {
        case counts, devices, nextCursor, skipped
    }

    /// The phase of devices that wait for the start.
    static let planned = "planned"

    let rollout: RolloutDocument
    let counts: [String: Int]
    let devices: [Device]
    let nextCursor: Nullable<String>
    let skipped: [Rollout.Skipped]

    /// - Parameter planned: the devices that are in no phase yet.
    init(_ rollout: Rollout, _ progress: RolloutProgress, planned: [DeviceID], after: DeviceID?, limit: Int) {
        self.rollout = RolloutDocument(rollout)
        var counts = [Self.planned: planned.count]
        for phase in RolloutProgress.Phase.allCases { counts[phase.rawValue] = progress.counts[phase] ?? 0 }
        self.counts = counts
        let rest = (progress.devices.keys + planned).filter { id in after.map { $0 < id } ?? true }.sorted()
        let page = rest.prefix(limit)
        devices = page.map { id in
            let device = progress.devices[id]
            return Device(uuid: id.text, phase: device?.phase.rawValue ?? Self.planned, status: Nullable(device?.status))
        }
        nextCursor = Nullable(rest.count > limit ? page.last.map { Cursor(after: $0.text).text } : nil)
        skipped = after == nil ? rollout.skipped : []
    }

    func encode(to encoder: any Encoder) throws {
        try rollout.encode(to: encoder)
        var container = encoder.container(keyedBy: Member.self)
        try container.encode(counts, forKey: .counts)
        try container.encode(devices, forKey: .devices)
        try container.encode(nextCursor, forKey: .nextCursor)
        try container.encode(skipped, forKey: .skipped)
    }
}
