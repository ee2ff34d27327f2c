import X509

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What the folder `certs/` says at one moment: whom to trust, and who is revoked.
///
/// Immutable: a server replaces the whole store when the folder changes, and keeps the old one when
/// making the new one throws.
///
/// ```swift
/// let store = try TrustStore.load(certificates: "data/certs", now: .now)
/// let peer = try store.identify(leaf: der, now: .now)
/// ```
///
/// | | |
/// |---|---|
/// | ``load(certificates:now:)`` | from `cas.pem` and `crl/*.pem` |
/// | ``init(authorities:revocationLists:now:)`` | from their contents |
/// | ``identify(leaf:now:)`` | a certificate → ``PeerIdentity``, or ``CertificateRefusal`` |
/// | ``warnings`` | what an operator should mend though it works |
/// | ``authorityCertificates`` | the DER of the authorities, for the TLS handshake |
public struct TrustStore: Sendable {
    /// What should be mended although the store can be used, one sentence each.
    public let warnings: [String]
    /// The DER of every authority in the order of `cas.pem`.
    public let authorityCertificates: [[UInt8]]

    let authorities: [TrustedAuthority]
    let indicesBySubject: [DistinguishedName: [Int]]

    /// - Parameters:
    ///   - authorities: the content of `cas.pem`.
    ///   - revocationLists: file names and contents (PEM or DER).
    ///   - now: lists that begin later are refused; what has ended becomes a warning.
    /// - Throws: ``DeviceAuthError`` when any authority or list can not be used. A list that can not be read must not
    ///   be skipped: that would let revoked devices in.
    public init(
        authorities content: [UInt8], revocationLists: [(name: String, pem: [UInt8])], now: Date
    ) throws(DeviceAuthError) {
        var certificates: [Certificate] = []
        for certificate in try CertificateFile.certificates(content, name: "cas.pem", code: .authoritiesInvalid)
        where !certificates.contains(certificate) {
            certificates.append(certificate)
        }
        var authorities: [Authority] = []
        for certificate in certificates { authorities.append(try Authority(certificate)) }

        var lists: [RevocationList] = []
        for file in revocationLists { lists.append(contentsOf: try RevocationList.read(file.pem, name: file.name)) }

        let assembly = try TrustAssembly(authorities: authorities, lists: lists, now: now)
        self.authorities = assembly.authorities
        warnings = assembly.warnings
        indicesBySubject = Dictionary(grouping: authorities.indices, by: { authorities[$0].subject })
        do {
            authorityCertificates = try certificates.map { try $0.serializeAsPEM().derBytes }
        } catch {
            throw DeviceAuthError(
                .cryptography, "an authority can not be encoded again: check cas.pem with 'openssl x509 -text'")
        }
    }
}
