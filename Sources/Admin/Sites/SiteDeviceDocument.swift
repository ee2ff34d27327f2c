import Fleet

/// A device of a site, as the site reported it.
struct SiteDeviceDocument: Encodable, Sendable {
    let uuid: String
    let isProd: Bool
    let tag: Nullable<String>
    let updateName: Nullable<String>
    let targetName: Nullable<String>
    let ostreeHash: Nullable<String>
    /// Null when the device was never seen.
    let lastSeen: Nullable<Timestamp>
    let denied: Bool

    init(_ device: SiteReport.Device) {
        uuid = device.uuid.text
        isProd = device.isProd
        tag = Nullable(device.tag?.text)
        updateName = Nullable(device.updateName?.text)
        targetName = Nullable(device.targetName)
        ostreeHash = Nullable(device.ostreeHash)
        lastSeen = Nullable(device.lastSeen > 0 ? Timestamp(device.lastSeen) : nil)
        denied = device.denied
    }
}
