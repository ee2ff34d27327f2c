import Fleet

/// A device that may enrol, or did, as the API shows it.
struct EnrolmentDocument: Encodable, Sendable {
    let uuid: String
    let brand: String
    let model: String
    let serial: String
    let organization: String
    let isProd: Bool
    /// `waiting`, `expired` or `enrolled`.
    let state: String
    let registeredAt: Timestamp
    /// Until when it may enrol.
    let expires: Timestamp
    let enrolledAt: Nullable<Timestamp>

    init(_ record: EnrolmentRecord, now: Int64) {
        uuid = record.device.text
        brand = record.subject.brand.text
        model = record.subject.model.text
        serial = record.subject.serial.text
        organization = record.organization.text
        isProd = record.channel.isProduction
        registeredAt = Timestamp(record.registeredAt)
        expires = Timestamp(record.expires)
        switch record.state {
        case .waiting:
            state = now <= record.expires ? "waiting" : "expired"
            enrolledAt = Nullable(nil)
        case .enrolled(let time, _):
            state = "enrolled"
            enrolledAt = Nullable(Timestamp(time))
        }
    }
}
