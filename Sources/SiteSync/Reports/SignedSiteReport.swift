/// A report as it travels.
public struct SignedSiteReport: Sendable {
    /// For ``SiteReporter/acknowledge(_:)``.
    public let sequence: Int64
    /// The body of `POST /site/v1/report`, or a file on a stick.
    public let bytes: [UInt8]
}
