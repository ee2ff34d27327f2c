import DeviceAuth

/// Takes what sites report about their devices.
public protocol SiteReports: Sendable {
    /// Returns when the report is stored.
    ///
    /// What can not be taken is thrown as `FleetError` (`report-invalid` is answered with 400); anything else is 503, and the
    /// site sends it again.
    ///
    /// - Parameter body: the signed report as it was sent, at most 64 MiB. Nothing of it has been looked at.
    func accept(site: SiteIdentity, body: [UInt8]) async throws
}
