import DeviceAuth
import Fleet
import Synchronization

/// Devices' reports in memory; rollouts' lines go to where rollouts are kept.
final class MemoryReports: ReportStore {
    private let files = Mutex<[DeviceID: [String: [UInt8]]]>([:])
    private let rollouts: MemoryRollouts
    private let events = Mutex<[DeviceID: [DeviceEvent]]>([:])

    init(rollouts: MemoryRollouts) { self.rollouts = rollouts }

    func put(_ text: String, as name: String, of device: DeviceID) {
        files.withLock { $0[device, default: [:]][name] = Array(text.utf8) }
    }

    func replace(_ report: Report, of device: DeviceID, with bytes: [UInt8]) async throws {
        files.withLock { $0[device, default: [:]][report.fileName] = bytes }
    }

    func append(_ entries: [EventEntry], of device: DeviceID) async throws -> [EventEntry] {
        for case let line? in entries.map(\.line) { try await rollouts.append([RolloutEntry(line.rollout, [line.line])]) }
        events.withLock { $0[device, default: []] += entries.map(\.event) }
        return entries
    }

    func append(_ entries: [RolloutEntry]) async throws { try await rollouts.append(entries) }
    func addAppsState(_ bytes: [UInt8], of device: DeviceID, at time: Int64) async throws {}
    func putTest(_ bytes: [UInt8], of device: DeviceID, test: TestID, name: TestFileName) async throws {}
    func removeAll(of device: DeviceID) async throws { files.withLock { $0[device] = nil } }

    func files(of device: DeviceID) async throws -> [(name: String, size: Int64)] {
        files.withLock { ($0[device] ?? [:]).map { ($0.key, Int64($0.value.count)) }.sorted { $0.0 < $1.0 } }
    }

    func contents(of device: DeviceID, file name: String) async throws -> [UInt8]? { files.withLock { $0[device]?[name] } }
}

extension MemoryReports: EventHistory {
    /// In the order of each update's first event.
    func events(of device: DeviceID) async throws -> [CorrelatedEvents] {
        let events = events.withLock { $0[device] ?? [] }
        var order: [CorrelationID] = []
        for event in events where !order.contains(event.correlation) { order.append(event.correlation) }
        return order.map { id in CorrelatedEvents(correlation: id, events: events.filter { $0.correlation == id }) }
    }

    func lastWrites() async throws -> [(device: DeviceID, at: Int64)] { [] }
}
