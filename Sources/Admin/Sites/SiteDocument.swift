import Fleet
import UpdateTree

/// A site as its last report tells it.
struct SiteDocument: Encodable, Sendable {
    struct Update: Encodable, Sendable {
        let channel: Channel
        let tag: Tag
        let name: UpdateName
        let devices: Int
    }

    let name: String
    /// When the site made the report: what is older than that is not known here.
    let asOf: Timestamp
    let receivedAt: Timestamp
    /// `wire` or `stick`.
    let via: String
    let sequence: Int64
    let devices: Int
    /// Of the device that was seen last; null when none was seen.
    let lastSeen: Nullable<Timestamp>
    let updates: [Update]

    init(_ receipt: SiteReceipt) {
        name = receipt.site
        asOf = Timestamp(receipt.asOf)
        receivedAt = Timestamp(receipt.receivedAt)
        via = receipt.via.rawValue
        sequence = receipt.sequence
        devices = receipt.devices
        lastSeen = Nullable(receipt.lastSeen > 0 ? Timestamp(receipt.lastSeen) : nil)
        updates = receipt.updates.map { Update(channel: $0.channel, tag: $0.tag, name: $0.name, devices: $0.devices) }
    }
}
