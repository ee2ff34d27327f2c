#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// An authority of `cas.pem` with the revocation lists that bear on it.
struct TrustedAuthority: Sendable {
    let authority: Authority
    /// The list this authority has issued; nil when it publishes none.
    let revocations: RevocationStatus?
    /// One for each authority above it in `cas.pem` that publishes a list.
    let ancestorChecks: [AncestorCheck]

    /// That the list of `issuer` does not contain `serial`, a link of the chain above an authority.
    struct AncestorCheck: Sendable {
        let issuer: String
        let serial: CertificateSerial
        let revocations: RevocationStatus
    }

    /// Whether certificates of this authority may be accepted now at all.
    func checkStanding(now: Date) throws(CertificateRefusal) {
        guard authority.notBefore <= now, now < authority.notAfter else {
            throw CertificateRefusal(
                .authorityExpired,
                "the authority \(authority.title) is valid from \(UTCMoment(authority.notBefore).text) to \(UTCMoment(authority.notAfter).text) only: install a new one and issue its devices anew"
            )
        }
        for check in ancestorChecks where check.revocations.revokes(check.serial) {
            throw CertificateRefusal(
                .authorityRevoked,
                "the authority \(authority.title) is revoked by \(check.issuer) (\(check.revocations.name)): install a new authority and issue its devices anew"
            )
        }
        for check in ancestorChecks where !check.revocations.isFresh(at: now) {
            throw CertificateRefusal(.revocationListStale, check.revocations.stalenessMessage(check.issuer))
        }
    }

    /// Whether a certificate of this authority is revoked. A list that has ended still revokes what it lists, and lets nobody else in.
    func checkRevocation(_ serial: CertificateSerial, now: Date) throws(CertificateRefusal) {
        guard let revocations else { return }
        guard !revocations.revokes(serial) else {
            throw CertificateRefusal(
                .revoked,
                "the certificate with serial \(serial.hex) is revoked (\(revocations.name)): issue a new one if the device is to be trusted again"
            )
        }
        guard revocations.isFresh(at: now) else {
            throw CertificateRefusal(.revocationListStale, revocations.stalenessMessage(authority.title))
        }
    }
}
