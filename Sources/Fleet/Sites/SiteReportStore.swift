import DeviceAuth

/// Where the reports of sites are kept. Every write has returned only when it is on the disk.
public protocol SiteReportStore: Sendable {
    /// In order of name.
    func receipts() throws -> [SiteReceipt]
    /// Nil when the site never reported.
    func receipt(of site: SiteName) throws -> SiteReceipt?
    /// The last report, as far as it counts; nil when the site never reported.
    func report(of site: SiteName) throws -> SiteReport?
    /// Keeps a report in the place of the one before, and adds its lines to those that are there; the same report again
    /// changes nothing.
    ///
    /// Throws `SiteReportError.replayed` when the last report is a later one.
    func store(_ report: VerifiedSiteReport, receivedAt: Int64, via: SiteReceipt.Way) throws -> SiteReceipt
}
