import DeviceAuth

/// An event and the rollout line that goes with it, if any.
public struct EventEntry: Sendable {
    public let event: DeviceEvent
    public let line: (rollout: RolloutID, line: RolloutLine)?

    public init(event: DeviceEvent, line: (rollout: RolloutID, line: RolloutLine)?) {
        self.event = event
        self.line = line
    }
}

/// Where devices' reports are kept. Every write has returned only when it is on the disk.
public protocol ReportStore: RolloutLedger {
    func replace(_ report: Report, of device: DeviceID, with bytes: [UInt8]) async throws
    /// Appends what was not there yet (by event id) and returns those entries; their rollout lines go with them.
    func append(_ entries: [EventEntry], of device: DeviceID) async throws -> [EventEntry]
    /// Keeps one state of the device's apps; `time` is milliseconds since 1970.
    func addAppsState(_ bytes: [UInt8], of device: DeviceID, at time: Int64) async throws
    /// Keeps a file of a test run (`tests/<test>/<name>`).
    func putTest(_ bytes: [UInt8], of device: DeviceID, test: TestID, name: TestFileName) async throws
    func removeAll(of device: DeviceID) async throws
    /// The files of a device by name, with their size in bytes.
    func files(of device: DeviceID) async throws -> [(name: String, size: Int64)]
    /// The content of one of them; nil when it is absent.
    func contents(of device: DeviceID, file name: String) async throws -> [UInt8]?
}
