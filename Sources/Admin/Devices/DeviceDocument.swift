import Fleet
import UpdateTree

/// A device's attributes as the API shows them.
struct DeviceDocument: Encodable, Sendable {
    let uuid: String
    let name: Nullable<String>
    let group: Nullable<String>
    let labels: [String: String]
    let isProd: Bool
    let tag: Nullable<String>
    let updateName: Nullable<String>
    let targetName: Nullable<String>
    /// The number at the end of the target's name.
    let version: Nullable<Int64>
    let ostreeHash: Nullable<String>
    let apps: [String]
    let hardwareId: Nullable<String>
    let status: String
    let online: Bool
    let createdAt: Timestamp
    /// Null when the device was never seen.
    let lastSeen: Nullable<Timestamp>
    /// Null before its first handshake.
    let certificateEnds: Nullable<Timestamp>
    let denied: Bool
    let keyFingerprint: Nullable<String>
    let keyChangeAllowed: Bool

    init(_ device: DeviceFacts, now: Int64) {
        let state = device.state
        uuid = state.id.text
        name = Nullable(state.name?.text)
        group = Nullable(state.group?.text)
        labels = state.labels.values
        isProd = state.channel.isProduction
        tag = Nullable(state.tag?.text)
        updateName = Nullable(state.updateName?.text)
        targetName = Nullable(state.targetName)
        version = Nullable(state.targetName.flatMap(DeviceFacts.version(ofTarget:)))
        ostreeHash = Nullable(state.ostreeHash)
        apps = state.apps
        hardwareId = Nullable(state.hardwareID)
        status = state.status.rawValue
        online = device.isOnline(now: now)
        createdAt = Timestamp(state.createdAt)
        lastSeen = Nullable(device.lastSeen > 0 ? Timestamp(device.lastSeen) : nil)
        certificateEnds = Nullable(state.certificateEnds.map(Timestamp.init))
        denied = state.isDenied
        keyFingerprint = Nullable(state.key?.hex)
        keyChangeAllowed = state.allowsNewKey
    }
}
