import DeviceAuth
import Fleet
import UpdateTree

/// Where a report's content comes from.
public struct SiteReportSources: Sendable {
    let updates: @Sendable () throws -> [ListedUpdate]
    let devices: @Sendable () throws -> [SiteReport.Device]
    let rollouts: @Sendable () throws -> [RolloutID]
    /// Lines of a rollout's events from a byte on, each with the byte behind it; empty at the end.
    let lines: @Sendable (RolloutID, Int64) throws -> [(text: String, next: Int64)]
    /// Lines of the audit log from a number on.
    let audit: @Sendable (Int64) throws -> [AuditLine]

    public init(
        updates: @escaping @Sendable () throws -> [ListedUpdate], devices: @escaping @Sendable () throws -> [SiteReport.Device],
        rollouts: @escaping @Sendable () throws -> [RolloutID],
        lines: @escaping @Sendable (RolloutID, Int64) throws -> [(text: String, next: Int64)],
        audit: @escaping @Sendable (Int64) throws -> [AuditLine]
    ) {
        self.updates = updates
        self.devices = devices
        self.rollouts = rollouts
        self.lines = lines
        self.audit = audit
    }

    /// The site's own rooms.
    public init(
        inventories: any UpdateInventories, directory: DeviceDirectory, rollouts: any RolloutRepository, trail: (any AuditTrail)?
    ) {
        self.init(
            updates: { try inventories.listed() },
            devices: {
                directory.all.compactMap { entry in
                    let state = entry.state
                    return state.isDeleted ? nil : SiteReport.Device(state, lastSeen: entry.lastSeen)
                }.sorted { $0.uuid.text < $1.uuid.text }
            },
            rollouts: { try rollouts.ids() },
            lines: { try rollouts.lines(of: $0, from: $1, limit: 1 << 20).lines },
            audit: { try trail?.lines(from: $0, most: SiteReport.mostLines, bytes: 8 << 20) ?? [] })
    }
}
