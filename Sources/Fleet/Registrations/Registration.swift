import DeviceAuth
import UpdateTree

/// A device that asked to be let in and waits for an operator, or was turned away by one.
public struct Registration: Equatable, Sendable {
    public let id: DeviceID
    /// What the certificate says of itself, such as `CN=…, OU=…`.
    public let subject: String
    /// Of the certificate that came first. Accepting pins it; no other takes its place meanwhile.
    public let key: KeyFingerprint
    public let publicKeyPEM: String
    public let channel: Channel
    /// As the device told it at the first try.
    public let tag: Tag?
    /// Seconds since 1970.
    public let firstTry: Int64
    /// Known to the minute: ``noteEvery``.
    public var lastTry: Int64
    public var isRejected: Bool

    /// Devices that may wait at the same time: certificates in great number must not fill the disk.
    public static let mostPending = 10_000
    /// Rejected devices that are remembered. Beyond it those are forgotten that have not tried for longest.
    public static let mostRejected = 100_000
    /// Seconds between two tries that are noted.
    public static let noteEvery: Int64 = 60

    public init(
        id: DeviceID, subject: String, key: KeyFingerprint, publicKeyPEM: String, channel: Channel, tag: Tag?, firstTry: Int64,
        lastTry: Int64, isRejected: Bool = false
    ) {
        self.id = id
        self.subject = subject
        self.key = key
        self.publicKeyPEM = publicKeyPEM
        self.channel = channel
        self.tag = tag
        self.firstTry = firstTry
        self.lastTry = lastTry
        self.isRejected = isRejected
    }

    /// A first try.
    public init(_ identity: DeviceIdentity, tag: Tag?, at now: Int64) {
        let words =
            ["CN=\(identity.id)"] + (identity.factory.map { ["OU=\($0)"] } ?? [])
            + (identity.isProduction ? ["businessCategory=production"] : [])
        self.init(
            id: identity.id, subject: words.joined(separator: ", "), key: identity.key, publicKeyPEM: identity.publicKeyPEM,
            channel: Channel(isProduction: identity.isProduction), tag: tag, firstTry: now, lastTry: now)
    }

    /// The device that it becomes when an operator accepts it.
    public func device(at now: Int64) -> DeviceState {
        DeviceState(id: id, key: key, channel: channel, createdAt: now, tag: tag)
    }
}
