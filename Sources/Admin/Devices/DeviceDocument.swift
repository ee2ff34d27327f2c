import Fleet
import UpdateTree

/// A device's attributes as the API shows them.
struct DeviceDocument: Encodable, Sendable {
    let uuid: String
    let isProd: Bool
    let tag: Nullable<String>
    let updateName: Nullable<String>
    let targetName: Nullable<String>
    let ostreeHash: Nullable<String>
    let apps: [String]
    let createdAt: Timestamp
    /// Null when the device was never seen.
    let lastSeen: Nullable<Timestamp>
    let denied: Bool
    let keyFingerprint: Nullable<String>
    let keyChangeAllowed: Bool

    init(_ entry: DeviceEntry) {
        let state = entry.state
        uuid = state.id.text
        isProd = state.channel.isProduction
        tag = Nullable(state.tag?.text)
        updateName = Nullable(state.updateName?.text)
        targetName = Nullable(state.targetName)
        ostreeHash = Nullable(state.ostreeHash)
        apps = state.apps
        createdAt = Timestamp(state.createdAt)
        lastSeen = Nullable(entry.lastSeen > 0 ? Timestamp(entry.lastSeen) : nil)
        denied = state.isDenied
        keyFingerprint = Nullable(state.key?.hex)
        keyChangeAllowed = state.allowsNewKey
    }
}
