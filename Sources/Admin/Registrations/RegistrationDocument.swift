import Fleet

/// A device that asks to be registered, as the API shows it.
struct RegistrationDocument: Encodable, Sendable {
    let uuid: String
    /// `pending` or `rejected`.
    let state: String
    let subject: String
    let keyFingerprint: String
    let isProd: Bool
    let tag: Nullable<String>
    let firstTry: Timestamp
    let lastTry: Timestamp

    init(_ registration: Registration) {
        uuid = registration.id.text
        state = registration.isRejected ? "rejected" : "pending"
        subject = registration.subject
        keyFingerprint = registration.key.hex
        isProd = registration.channel.isProduction
        tag = Nullable(registration.tag?.text)
        firstTry = Timestamp(registration.firstTry)
        lastTry = Timestamp(registration.lastTry)
    }
}
