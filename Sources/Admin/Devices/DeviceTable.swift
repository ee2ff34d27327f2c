import Fleet

/// Devices as lines of a table (RFC 4180), each label key a column of its own.
struct DeviceTable: Sendable {
    static let mostLabels = 256

    private let labels: [String]

    init() { labels = [] }

    init(of devices: DeviceSelection.SubSequence) throws(Problem) {
        var keys = Set<String>()
        for device in devices {
            keys.formUnion(device.state.labels.values.keys)
            guard keys.count <= Self.mostLabels else {
                throw Problem(
                    .badRequest, "export-too-wide",
                    "the devices have more than \(Self.mostLabels) different labels; ask for fewer devices, or for format=ndjson")
            }
        }
        labels = keys.sorted()
    }

    private static let columns = [
        "uuid", "name", "group", "isProd", "tag", "updateName", "targetName", "version", "ostreeHash", "apps", "hardwareId", "status",
        "online", "denied", "createdAt", "lastSeen", "certificateEnds", "keyFingerprint", "keyChangeAllowed",
    ]

    var heading: String { Self.line(Self.columns + labels.map { "label.\($0)" }) }

    func row(_ device: DeviceDocument) -> String {
        let cells: [String?] = [
            device.uuid, device.name.value, device.group.value, String(device.isProd), device.tag.value, device.updateName.value,
            device.targetName.value, device.version.value.map { String($0) }, device.ostreeHash.value,
            device.apps.joined(separator: " "), device.hardwareId.value, device.status, String(device.online), String(device.denied),
            device.createdAt.text, device.lastSeen.value?.text, device.certificateEnds.value?.text, device.keyFingerprint.value,
            String(device.keyChangeAllowed),
        ]
        return Self.line(cells.map { $0 ?? "" } + labels.map { device.labels[$0] ?? "" })
    }

    private static func line(_ cells: [String]) -> String { cells.map(cell).joined(separator: ",") + "\r\n" }

    /// In quotes where RFC 4180 §2 wants them.
    ///
    /// Much of it comes from devices, and a spreadsheet calculates what begins like a formula: such a cell gets an
    /// apostrophe in front, by which spreadsheets know a text.
    static func cell(_ text: String) -> String {
        var text = text
        if let first = text.unicodeScalars.first, ["=", "+", "-", "@", "\t", "\r"].contains(first) { text = "'" + text }
        guard text.utf8.contains(where: { $0 == 0x2C || $0 == 0x22 || $0 == 0x0D || $0 == 0x0A }) else { return text }
        return "\"\(text.replacing("\"", with: "\"\""))\""
    }
}
