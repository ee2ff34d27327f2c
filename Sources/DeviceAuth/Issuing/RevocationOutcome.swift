/// What a change of the revocation list led to.
public struct RevocationOutcome: Sendable, Equatable {
    /// The serial that was asked for; nil when the list was only refreshed.
    public let serial: CertificateSerial?
    /// The serial stood in the list already; the list was left as it was.
    public let wasAlreadyRevoked: Bool
    /// How many certificates the list revokes.
    public let revokedCount: Int
    /// When the list ends: seconds since 1970-01-01 00:00:00 UTC.
    public let nextUpdate: Int64
}
