#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The answer to a certificate request, made where the root is kept.
///
/// ```swift
/// let signed = try SignedRequest(request: csr, authority: rootCertificate, key: rootKey, now: .now)
/// try signed.write(to: "tls.crt")
/// ```
public struct SignedRequest: Sendable {
    /// What a request may ask for.
    public enum Profile: String, Sendable {
        case server
        case deviceAuthority = "device-authority"
    }

    public let profile: Profile
    /// The certificate as a PEM document.
    public let certificatePEM: String
    public let subject: String
    public let serial: CertificateSerial
    /// Seconds since 1970-01-01 00:00:00 UTC.
    public let notAfter: Int64

    /// Signs `request` with an authority; all three are contents of PEM files.
    ///
    /// - Throws: ``DeviceAuthError``: ``DeviceAuthError/Code/requestInvalid`` when the request is not signed by its own key,
    ///   ``DeviceAuthError/Code/requestRefused`` when it asks for anything but a server or a device authority.
    public init(request: [UInt8], authority: [UInt8], key: [UInt8], now: Date) throws(DeviceAuthError) {
        let request = try CertificateRequest(request, name: "the request")
        let certificates = try CertificateFile.certificates(
            authority, name: "the authority's certificate", code: .certificateInvalid)
        let issuer = try Issuer(
            CertificateDirectory.first(certificates, "the authority's certificate"),
            key: PrivateKeyFile.key(key, name: "the authority's key"), name: "the authority")
        guard request.subject != issuer.authority.subject else {
            throw DeviceAuthError(
                .requestRefused, "the request has the name of the authority itself: create it with another --factory")
        }
        let certificate = try issuer.issue(request.profile, subject: request.subject, key: request.key, now: now)
        certificatePEM = try Issuer.cryptography { try certificate.pemText() }
        profile = if case .server = request.profile { .server } else { .deviceAuthority }
        subject = certificate.subject.description
        serial = CertificateSerial(certificate.serialNumber)
        notAfter = UTCMoment(certificate.notValidAfter).seconds
    }

    /// Writes the certificate to a file that must not exist.
    public func write(to path: String) throws(DeviceAuthError) {
        try FileWriting().create(path, certificatePEM.utf8, for: .everybody)
    }
}
