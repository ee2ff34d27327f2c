/// Why a client's certificate was not accepted: a stable slug, and a sentence with the remedy.
///
/// Compare by ``code``; the message is for people and may change. It is one line and safe to log: whatever
/// comes from the certificate is escaped and cut.
public struct CertificateRefusal: Error, Equatable, Sendable {
    public enum Code: String, Sendable, CaseIterable {
        /// Not a certificate in DER, or one that uses a key or signature scheme that is not understood.
        case malformed = "certificate-malformed"
        case notYetValid = "certificate-not-yet-valid"
        case expired = "certificate-expired"
        /// No authority of `cas.pem` issued it, whatever its issuer's name says.
        case foreign = "certificate-foreign"
        case revoked = "certificate-revoked"
        /// A certificate authority presented itself as a device.
        case authorityAsLeaf = "certificate-is-authority"
        /// keyUsage or extendedKeyUsage do not permit a TLS client.
        case keyUsage = "certificate-key-usage"
        /// The signature is made with SHA-1, MD5 or another algorithm that is not accepted.
        case weakSignature = "certificate-weak-signature"
        /// The public key is too short or of a kind that is not accepted.
        case weakKey = "certificate-weak-key"
        /// A critical extension is present that is not understood.
        case criticalExtension = "certificate-critical-extension"
        /// The subject does not name exactly one device or site.
        case identityInvalid = "certificate-identity-invalid"
        /// A site's certificate grants nothing, too much, or something that is not understood.
        case siteGrantsInvalid = "certificate-site-grants-invalid"
        /// The issuing authority is outside its own validity.
        case authorityExpired = "authority-expired"
        /// The issuing authority, or one above it, is revoked.
        case authorityRevoked = "authority-revoked"
        /// The revocation list is outside its validity, so nobody can tell who is revoked.
        case revocationListStale = "revocation-list-stale"
    }

    public let code: Code
    /// What is wrong and how to mend it.
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}

extension CertificateRefusal: CustomStringConvertible {
    public var description: String { "\(code.rawValue): \(message)" }
}
