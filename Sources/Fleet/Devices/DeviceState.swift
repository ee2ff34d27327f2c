import DeviceAuth
import UpdateTree

/// What is known of one device, except when it was last seen (``DeviceEntry/lastSeen``).
public struct DeviceState: Equatable, Sendable {
    public let id: DeviceID
    /// The pinned key; nil until a device that was registered beforehand, or allowed again, makes contact.
    public var key: KeyFingerprint?
    /// An operator allowed the next key that differs from the pinned one.
    public var allowsNewKey: Bool
    public var isDenied: Bool
    public var isDeleted: Bool
    /// From the certificate of the last handshake.
    public var channel: Channel
    /// Seconds since 1970.
    public let createdAt: Int64
    public var tag: Tag?
    public var updateName: UpdateName?
    public var targetName: String?
    public var ostreeHash: String?
    public var apps: [String]
    /// When the certificate of the last handshake ends, seconds since 1970; nil before the first one.
    public var certificateEnds: Int64?
    public var name: DeviceName?
    public var group: GroupName?
    public var labels: Labels
    /// Such as `intel-corei7-64`; nil until it is known.
    public var hardwareID: String?
    public var status: UpdateStatus

    public init(
        id: DeviceID, key: KeyFingerprint? = nil, allowsNewKey: Bool = false, isDenied: Bool = false,
        isDeleted: Bool = false, channel: Channel, createdAt: Int64, tag: Tag? = nil, updateName: UpdateName? = nil,
        targetName: String? = nil, ostreeHash: String? = nil, apps: [String] = [],
        certificateEnds: Int64? = nil, name: DeviceName? = nil, group: GroupName? = nil, labels: Labels = Labels(),
        hardwareID: String? = nil, status: UpdateStatus = .unknown
    ) {
        self.id = id
        self.key = key
        self.allowsNewKey = allowsNewKey
        self.isDenied = isDenied
        self.isDeleted = isDeleted
        self.channel = channel
        self.createdAt = createdAt
        self.tag = tag
        self.updateName = updateName
        self.targetName = targetName
        self.ostreeHash = ostreeHash
        self.apps = apps
        self.certificateEnds = certificateEnds
        self.name = name
        self.group = group
        self.labels = labels
        self.hardwareID = hardwareID
        self.status = status
    }
}
