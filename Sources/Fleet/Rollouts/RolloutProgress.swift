import DeviceAuth

/// How far each device of a started rollout is. Built from the lines of its `events` file, one at a time.
public struct RolloutProgress: Equatable, Sendable {
    public enum Phase: String, Codable, Sendable, CaseIterable {
        case assigned, seen, updating, succeeded, failed
        /// A later rollout assigned another update to the device.
        case superseded
    }

    public struct Device: Equatable, Sendable {
        public var phase: Phase
        /// The last status line's text.
        public var status: String?
    }

    public private(set) var devices: [DeviceID: Device] = [:]
    public private(set) var counts: [Phase: Int] = [:]

    public init(devices ids: [DeviceID] = []) { add(ids) }

    public mutating func add(_ ids: [DeviceID]) {
        for id in ids where devices[id] == nil { set(id, Device(phase: .assigned)) }
    }

    /// Takes a line in; O(1). Lines about devices that are not in the rollout change nothing.
    public mutating func apply(_ line: RolloutLine) {
        switch line {
        case .seen(let id):
            guard var device = devices[id], device.phase == .assigned else { return }
            device.phase = .seen
            set(id, device)
        case .status(let id, let status):
            guard var device = devices[id], device.phase != .superseded else { return }
            device.status = status.text
            // A device that has the update goes on looking for newer ones: only a failure takes it back.
            if device.phase != .succeeded || status.success == false { device.phase = Self.phase(after: status) }
            set(id, device)
        }
    }

    public mutating func supersede(_ id: DeviceID) {
        guard var device = devices[id], device.phase != .succeeded else { return }
        device.phase = .superseded
        set(id, device)
    }

    /// No device can still bring news that matters.
    public var isComplete: Bool {
        !devices.isEmpty && (counts[.succeeded] ?? 0) + (counts[.superseded] ?? 0) == devices.count
    }

    private static func phase(after status: DeviceStatus) -> Phase {
        if status.success == false { return .failed }
        return status.step == DeviceStatus.lastStep && status.success == true ? .succeeded : .updating
    }

    private mutating func set(_ id: DeviceID, _ device: Device) {
        if let before = devices[id] { counts[before.phase, default: 0] -= 1 }
        counts[device.phase, default: 0] += 1
        devices[id] = device
    }
}
