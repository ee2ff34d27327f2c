import DeviceAuth

/// A line of a rollout's `events` file: `DEVICE_SEEN: <uuid>` or `DEVICE_STATUS: <uuid> <status>`.
public enum RolloutLine: Equatable, Sendable {
    case seen(DeviceID)
    case status(DeviceID, DeviceStatus)

    public var text: String {
        switch self {
        case .seen(let id): "DEVICE_SEEN: \(id)"
        case .status(let id, let status): "DEVICE_STATUS: \(id) \(status.text)"
        }
    }

    /// Nil when the line is none of the two: such lines stay in the file and change nothing.
    public init?(_ line: some StringProtocol) {
        if line.hasPrefix("DEVICE_SEEN: ") {
            guard let id = try? DeviceID(String(line.dropFirst(13))) else { return nil }
            self = .seen(id)
        } else if line.hasPrefix("DEVICE_STATUS: ") {
            let rest = line.dropFirst(15)
            guard let space = rest.firstIndex(of: " "), let id = try? DeviceID(String(rest[..<space])),
                let status = DeviceStatus(String(rest[rest.index(after: space)...]))
            else { return nil }
            self = .status(id, status)
        } else {
            return nil
        }
    }
}

/// How far a device says it is: a step, and for the end of a step whether it went well.
public struct DeviceStatus: Equatable, Sendable {
    /// Such as `DownloadStarted` or `InstallComplete`.
    public let step: String
    public let success: Bool?

    /// The step that ends an update.
    public static let lastStep = "InstallComplete"

    private static let steps = [
        "MetadataUpdateCompleted": "MetadataUpdateComplete",
        "UpdateInitStarted": "InitStarted",
        "UpdateInitCompleted": "InitComplete",
        "EcuDownloadStarted": "DownloadStarted",
        "EcuDownloadCompleted": "DownloadComplete",
        "EcuInstallationStarted": "InstallStarted",
        "EcuInstallationApplied": "InstallApplied",
        "EcuInstallationCompleted": "InstallComplete",
    ]

    public init(_ event: DeviceEvent) {
        let type = event.eventType.id
        // An unknown type is shown by its name, as far as it fits into one word of a line.
        let word = String(decoding: type.utf8.filter { Self.isLetterOrDigit($0) }, as: UTF8.self)
        step = Self.steps[type] ?? (word.isEmpty ? "Unknown" : word)
        success = event.event.success
    }

    /// Reads `DownloadStarted` or `DownloadComplete - true`.
    init?(_ text: String) {
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        guard let step = parts.first, !step.isEmpty, step.utf8.allSatisfy(Self.isLetterOrDigit) else { return nil }
        switch parts.count {
        case 1: success = nil
        case 3:
            guard parts[1] == "-", let success = Bool(String(parts[2])) else { return nil }
            self.success = success
        default: return nil
        }
        self.step = String(step)
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    public var text: String { success.map { "\(step) - \($0)" } ?? step }
}
