import Fleet

/// A model in a list.
struct ModelDocument: Encodable, Sendable {
    let name: String
    /// How many snaps it requires.
    let required: Int
    let devices: Int
    /// Devices that lack something.
    let lacking: Int
    /// Devices that never published a list.
    let unknown: Int

    init(_ model: ModelSummary) {
        name = model.name.text
        required = model.required
        devices = model.devices
        lacking = model.lacking
        unknown = model.unknown
    }
}

/// Who of a model lacks what.
struct ModelStatusDocument: Encodable, Sendable {
    struct Lack: Encodable, Sendable {
        let snap: String
        let devices: Int
    }

    let model: ModelDocument
    let lackedBy: [Lack]
    let devices: [SnapDeviceDocument]
    let nextCursor: Nullable<String>

    init(_ status: ModelStatus) {
        model = ModelDocument(status.summary)
        lackedBy = status.lackedBy.map { Lack(snap: $0.snap.text, devices: $0.devices) }
        devices = status.devices.map(SnapDeviceDocument.init)
        nextCursor = Nullable(status.hasMore ? status.devices.last.map { Cursor(after: $0.device.text).text } : nil)
    }
}
