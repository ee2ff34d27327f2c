import DeviceAuth

/// The way of a site's report, from the bytes that came to the disk.
public struct SiteReportIntake: Sendable {
    private let store: any SiteReportStore
    private let trust: @Sendable () throws -> TrustStore
    private let audit: (any AuditTrail)?
    private let now: @Sendable () -> Int64

    /// - Parameters:
    ///   - trust: whom to trust now; asked for every report.
    ///   - now: seconds since 1970.
    public init(
        store: any SiteReportStore, audit: (any AuditTrail)?, trust: @escaping @Sendable () throws -> TrustStore,
        now: @escaping @Sendable () -> Int64
    ) {
        self.store = store
        self.audit = audit
        self.trust = trust
        self.now = now
    }

    /// Returns when the report is on the disk.
    ///
    /// - Parameter bringer: the site that sent it; nil for a file from a stick.
    /// - Throws: `SiteReportError` when it cannot be taken; anything else is the storage's.
    @discardableResult
    public func accept(_ bytes: [UInt8], from bringer: SiteName?) async throws -> SiteReceipt {
        let verified = try VerifiedSiteReport(SiteReportEnvelope(parsing: bytes), from: bringer, trust: trust(), now: now())
        let receipt = try store.store(verified, receivedAt: now(), via: bringer == nil ? .stick : .wire)
        try await audit?.record(
            AuditEntry(
                time: now(), actor: .site(verified.identity.name), action: "site-report", subject: "sequence \(receipt.sequence)",
                outcome: "stored"))
        return receipt
    }
}
