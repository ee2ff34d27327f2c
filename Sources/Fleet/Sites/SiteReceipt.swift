import UpdateTree

/// What is known of a site without reading its report: what came last, when, and what is in it.
public struct SiteReceipt: Codable, Equatable, Sendable {
    public enum Way: String, Codable, Sendable {
        case wire, stick
    }

    /// How many devices of the site an update is assigned to.
    public struct UpdateCount: Codable, Equatable, Sendable {
        public let channel: Channel
        public let tag: Tag
        public let name: UpdateName
        public let devices: Int
    }

    public let site: String
    public let sequence: Int64
    /// When the site made the report; seconds since 1970.
    public let asOf: Int64
    /// When it was taken here; seconds since 1970.
    public let receivedAt: Int64
    public let via: Way
    /// `sha256:` of the report that the site signed.
    public let digest: String
    /// The serial number of the certificate that signed it.
    public let certificate: String
    public let devices: Int
    /// The latest of all its devices; 0 when none was seen. Seconds since 1970.
    public let lastSeen: Int64
    public let updates: [UpdateCount]
    /// Updates and devices that the site's certificate does not cover.
    public let passedOver: Int

    public init(_ verified: VerifiedSiteReport, receivedAt: Int64, via: Way) {
        let report = verified.report
        site = report.site.text
        sequence = report.sequence
        asOf = report.madeAt
        self.receivedAt = receivedAt
        self.via = via
        digest = Digest(of: verified.document).description
        certificate = verified.identity.serial
        devices = report.devices.count
        lastSeen = report.devices.map(\.lastSeen).max() ?? 0
        let assigned = Dictionary(report.devices.compactMap { device in device.update.map { ($0, 1) } }, uniquingKeysWith: +)
        let keys = Set(report.updates.map(\.key)).union(assigned.keys)
        updates = keys.map { (path: $0.path, key: $0) }.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }.map { item in
            UpdateCount(channel: item.key.channel, tag: item.key.tag, name: item.key.name, devices: assigned[item.key] ?? 0)
        }
        passedOver = verified.passedOver
    }
}
