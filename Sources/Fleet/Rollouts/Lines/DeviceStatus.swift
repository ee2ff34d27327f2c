import DeviceAuth

/// How far a device says it is: a step, and for the end of a step whether it went well.
public struct DeviceStatus: Equatable, Sendable {
    /// Such as `DownloadStarted` or `InstallComplete`.
    public let step: String
    public let success: Bool?
    /// Of a failure: the device's words, one line.
    public let reason: String?

    /// Bytes of a reason.
    static let longestReason = 120

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
        reason = success == false ? Self.reason(event.event.details) : nil
    }

    init(step: String, success: Bool? = nil, reason: String? = nil) {
        self.step = step
        self.success = success
        self.reason = reason
    }

    /// The first line of what the device says, in printable characters.
    private static func reason(_ details: String?) -> String? {
        guard let line = details?.split(whereSeparator: \.isNewline).first else { return nil }
        let shown = line.unicodeScalars.filter { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }
        var text = String(String.UnicodeScalarView(shown))
        while text.utf8.count > longestReason { text.removeLast() }
        while text.last == " " { text.removeLast() }
        while text.first == " " { text.removeFirst() }
        return text.isEmpty ? nil : text
    }

    /// Reads `DownloadStarted`, `DownloadComplete - true` or `InstallComplete - false: no space`.
    init?(_ text: String) {
        let space = text.utf8.firstIndex(of: UInt8(ascii: " "))
        let step = text[..<(space ?? text.endIndex)]
        guard !step.isEmpty, step.utf8.allSatisfy(Self.isLetterOrDigit) else { return nil }
        self.step = String(step)
        switch space.map({ text[$0...] }) {
        case nil: (success, reason) = (nil, nil)
        case " - true": (success, reason) = (true, nil)
        case " - false": (success, reason) = (false, nil)
        case let rest?:
            // By bytes: the device's words may begin with what joins the space before them into one character.
            guard rest.utf8.starts(with: " - false: ".utf8) else { return nil }
            (success, reason) = (false, String(decoding: rest.utf8.dropFirst(10), as: UTF8.self))
        }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    public var text: String {
        guard let success else { return step }
        return "\(step) - \(success)" + (reason.map { ": \($0)" } ?? "")
    }
}
