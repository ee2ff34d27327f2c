import DeviceAuth

/// Makes the statuses of devices right after the server was killed.
///
/// A status is written behind, at most two seconds after the event that changed it, but an event is in its file before
/// it is acknowledged. So after a kill the files may know more than the database, and the status is derived from them
/// anew: only after a kill (``StopMark``), and only for devices whose last event is not older than what the database
/// knows of them.
public struct StatusRecovery: Sendable {
    /// Seconds by which a device's last contact may be later than the event whose status was not written any more.
    static let margin: Int64 = 60

    private let registry: DeviceRegistry
    private let history: any EventHistory
    private let mark: any StopMark

    public init(registry: DeviceRegistry, history: any EventHistory, mark: any StopMark) {
        self.registry = registry
        self.history = history
        self.mark = mark
    }

    /// Returns how many statuses were wrong. To be called before devices are served.
    @discardableResult
    public func run() async throws -> Int {
        guard try !mark.isStopped() else { return 0 }
        var behind: [CheckInRecord] = []
        for (device, written) in try await history.lastWrites() {
            guard let entry = registry.directory[device], !entry.state.isDeleted, written >= entry.lastSeen - Self.margin else { continue }
            let status = UpdateStatus.derived(from: try await history.events(of: device).lazy.flatMap(\.events))
            if entry.change({ $0.status = status }) {
                behind.append(CheckInRecord(state: entry.state, lastSeen: entry.lastSeen, contactHours: entry.contactHours))
            }
        }
        if !behind.isEmpty { try await registry.save(behind) }
        try await mark.set(isStopped: true)
        return behind.count
    }
}

/// Remembers over restarts whether everything that is written behind was written when the server stopped.
public protocol StopMark: Sendable {
    func isStopped() throws -> Bool
    /// Returns when it is on the disk.
    func set(isStopped: Bool) async throws
}
