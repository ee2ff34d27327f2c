/// What the folder `certs/` holds, and what should be mended: the content of `pki show`.
public struct CertificateSummary: Codable, Sendable, Equatable {
    public let directory: String
    public let certificates: [Certificate]
    public let revocationLists: [RevocationList]
    /// One sentence each, with the remedy; empty when all is well.
    public let problems: [String]

    /// One certificate of one file.
    public struct Certificate: Codable, Sendable, Equatable {
        public let file: String
        public let subject: String
        public let issuer: String
        /// Lower-case hexadecimal.
        public let serial: String
        /// RFC 3339, UTC.
        public let notBefore: String
        public let notAfter: String
        /// Whole days until the end, rounded down; negative afterwards.
        public let daysLeft: Int
        /// SHA-256 of the certificate's DER.
        public let fingerprint: String
        /// SHA-256 of the public key, as devices are pinned.
        public let keyFingerprint: String
        public let isAuthority: Bool
    }

    /// One revocation list of one file.
    public struct RevocationList: Codable, Sendable, Equatable {
        public let file: String
        public let issuer: String
        /// The CRL number in hexadecimal.
        public let number: String?
        /// RFC 3339, UTC.
        public let thisUpdate: String
        public let nextUpdate: String
        public let daysLeft: Int
        public let revokedCount: Int
    }
}
