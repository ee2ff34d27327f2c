import DeviceAuth
import UpdateTree

/// What a site tells the server it gets its updates from: which updates it has, how its devices are, what happened.
///
/// As JSON it is the document that the site signs; `docs/formats/site-report.md` describes it.
public struct SiteReport: Equatable, Sendable {
    public static let format = "otaserve-site-report/1"
    public static let mostUpdates = 100_000
    public static let mostDevices = 200_000
    /// Lines of rollouts, and lines of the audit log.
    public static let mostLines = 100_000
    /// Bytes of one line.
    public static let longestLine = 64 << 10

    public let site: SiteName
    /// Seconds since 1970.
    public let madeAt: Int64
    /// Rises with every report of the site.
    public let sequence: Int64
    public let updates: [Update]
    public let devices: [Device]
    /// How many devices say that they run a target.
    public let targets: [String: Int]
    public let events: [Event]
    public let audit: [AuditLine]

    public init(
        site: SiteName, madeAt: Int64, sequence: Int64, updates: [Update] = [], devices: [Device] = [], events: [Event] = [],
        audit: [AuditLine] = []
    ) {
        self.site = site
        self.madeAt = madeAt
        self.sequence = sequence
        self.updates = updates
        self.devices = devices
        targets = Dictionary(devices.compactMap { device in device.targetName.map { ($0, 1) } }, uniquingKeysWith: +)
        self.events = events
        self.audit = audit
    }

    /// An update that the site serves.
    public struct Update: Codable, Hashable, Sendable {
        public let channel: Channel
        public let tag: Tag
        public let name: UpdateName
        /// `sha256:` and 64 digits.
        public let inventory: String

        public init(_ update: ListedUpdate) {
            channel = update.key.channel
            tag = update.key.tag
            name = update.key.name
            inventory = update.inventory.description
        }

        public var key: UpdateKey { UpdateKey(channel: channel, tag: tag, name: name) }
    }

    /// A line of a rollout's events, and where it stands in the site's file.
    public struct Event: Codable, Hashable, Sendable {
        public let rollout: RolloutID
        /// The byte behind the line.
        public let next: Int64
        public let line: String

        public init(rollout: RolloutID, next: Int64, line: String) {
            self.rollout = rollout
            self.next = next
            self.line = line
        }
    }

    /// A line of the site's audit log, as it stands there.
    public struct AuditLine: Codable, Hashable, Sendable {
        public let number: Int64
        public let line: String

        public init(number: Int64, line: String) {
            self.number = number
            self.line = line
        }
    }
}
