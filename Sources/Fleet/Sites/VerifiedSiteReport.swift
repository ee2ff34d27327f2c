import DeviceAuth
import FoundationEssentials
import UpdateTree

/// A report that its site signed, as far as the site's certificate lets it speak.
public struct VerifiedSiteReport: Sendable {
    public let identity: SiteIdentity
    public let report: SiteReport
    /// The bytes that the site signed.
    public let document: [UInt8]
    /// Updates and devices of channels and tags that the site was not granted: they are in ``document``, and count nowhere.
    public let passedOver: Int

    /// Checks an envelope. A pure decision: the clock and the trust are handed in.
    ///
    /// 1. Its certificate is a site's, accepted now, and not revoked.
    /// 2. The signature is over the report's bytes.
    /// 3. The report names the site that signed it, and the one that brought it.
    /// 4. It was not made in the future: a site whose clock runs ahead would lock itself out when it is put right.
    /// 5. Everything is within the bounds.
    ///
    /// - Parameter bringer: who sent it; nil for a file.
    public init(
        _ envelope: SiteReportEnvelope, from bringer: SiteName?, trust: TrustStore, now: Int64
    ) throws(SiteReportError) {
        let identity = try Self.signer(of: envelope, trust: trust, now: now)
        let report = try SiteReport(document: envelope.report)
        guard report.site == identity.name else {
            throw SiteReportError(
                .unsigned, "it is of the site \(report.site) and signed by the site \(identity.name); each site signs its own")
        }
        guard bringer == nil || bringer == identity.name else {
            throw SiteReportError(.unsigned, "it is of the site \(report.site) and was sent by another one; each site sends its own")
        }
        guard max(report.madeAt, report.sequence) <= now + Self.patience else {
            throw SiteReportError(.fromFuture, "it was made more than a day after now; put the clock of the site right, or the one here")
        }
        self.identity = identity
        document = envelope.report
        self.report = report.covered(by: identity.grants)
        passedOver = report.updates.count - self.report.updates.count + report.devices.count - self.report.devices.count
    }

    /// Seconds that the clocks may differ.
    static let patience: Int64 = 86_400

    private static func signer(of envelope: SiteReportEnvelope, trust: TrustStore, now: Int64) throws(SiteReportError) -> SiteIdentity {
        let peer: PeerIdentity
        do {
            peer = try trust.signer(
                of: envelope.report, signature: envelope.signature, certificate: envelope.certificate,
                now: Date(timeIntervalSince1970: TimeInterval(now)))
        } catch {
            throw SiteReportError(.unsigned, "\(error)")
        }
        guard case .site(let identity) = peer else {
            throw SiteReportError(
                .unsigned, "it is signed with a device's certificate; sign with the site's own, of otaserve pki issue-site")
        }
        return identity
    }
}

extension SiteReport {
    /// What a site with these grants may tell. A device without a tag belongs to no update yet: its site may tell of it.
    public func covered(by grants: [SiteGrant]) -> SiteReport {
        func covers(_ channel: Channel, _ tag: Tag?) -> Bool {
            let granted: SiteGrant.Channel =
                switch channel {
                case .ci: .ci
                case .prod: .prod
                }
            return grants.contains { grant in
                tag.map { grant.covers(channel: granted, tag: $0.text) } ?? (grant.channel == granted)
            }
        }
        return SiteReport(
            site: site, madeAt: madeAt, sequence: sequence, updates: updates.filter { covers($0.channel, $0.tag) },
            devices: devices.filter { covers($0.channel, $0.tag) }, events: events, audit: audit)
    }
}
