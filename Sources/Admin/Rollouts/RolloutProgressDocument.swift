import DeviceAuth
import Fleet

/// How far a rollout is: counts over all of it and by phase, why devices failed, and a page of its devices.
struct RolloutProgressDocument: Encodable, Sendable {
    struct Device: Encodable, Sendable {
        let uuid: String
        /// The number of its phase; null before the start.
        let phase: Nullable<Int>
        let stage: String
        let seen: Bool
        /// The last status that the device reported.
        let status: Nullable<String>
        let failure: Nullable<String>
        let lastNews: Nullable<Timestamp>
    }

    private enum Member: CodingKey {
        case counts, phases, failures, estimatedEnd, devices, nextCursor, skipped
    }

    /// The stage of devices that wait for the start.
    static let planned = "planned"
    private static let mostFailures = 50

    let rollout: RolloutDocument
    let counts: [String: Int]
    let phases: [PhaseDocument]
    let failures: [FailureDocument]
    let estimatedEnd: Nullable<Timestamp>
    let devices: [Device]
    let nextCursor: Nullable<String>
    let skipped: [Rollout.Skipped]

    /// - Parameter planned: the devices of a rollout that has not started.
    init(_ rollout: Rollout, _ progress: RolloutProgress, planned: [DeviceID], after: DeviceID?, limit: Int, now: Int64) {
        self.rollout = RolloutDocument(rollout)
        var counts = progress.counts.byName
        counts[Self.planned] = planned.count
        self.counts = counts
        phases = progress.phases.map(PhaseDocument.init)
        failures = FailureDocument.list(progress.failures, limit: Self.mostFailures)
        estimatedEnd = Nullable(progress.estimatedEnd(at: now).map(Timestamp.init))
        let rest = (progress.devices.map(\.id) + planned).filter { id in after.map { $0 < id } ?? true }.sorted()
        let page = rest.prefix(limit)
        devices = page.map { Device($0, progress[$0]) }
        nextCursor = Nullable(rest.count > limit ? page.last.map { Cursor(after: $0.text).text } : nil)
        skipped = after == nil ? rollout.skipped : []
    }

    func encode(to encoder: any Encoder) throws {
        try rollout.encode(to: encoder)
        var container = encoder.container(keyedBy: Member.self)
        try container.encode(counts, forKey: .counts)
        try container.encode(phases, forKey: .phases)
        try container.encode(failures, forKey: .failures)
        try container.encode(estimatedEnd, forKey: .estimatedEnd)
        try container.encode(devices, forKey: .devices)
        try container.encode(nextCursor, forKey: .nextCursor)
        try container.encode(skipped, forKey: .skipped)
    }
}

extension RolloutProgressDocument.Device {
    init(_ id: DeviceID, _ device: DeviceProgress?) {
        self.init(
            uuid: id.text, phase: Nullable(device?.phase), stage: device?.stage.name ?? RolloutProgressDocument.planned,
            seen: device?.wasSeen ?? false, status: Nullable(device?.status), failure: Nullable(device?.failure),
            lastNews: Nullable(device.flatMap { $0.lastNews > 0 ? Timestamp($0.lastNews) : nil }))
    }
}
