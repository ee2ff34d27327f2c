/// What a site needs to prove who it is to the server whose updates it reads: `client.pem`, `pkey.pem` and `root.crt`.
public struct SiteCredentials: Sendable {
    public let name: SiteName
    public let factory: String?
    public let grants: [SiteGrant]
    public let certificatePEM: String
    /// The private key; it is kept nowhere else.
    public let privateKeyPEM: String
    public let rootPEM: String
    public let serial: CertificateSerial
    /// Seconds since 1970-01-01 00:00:00 UTC.
    public let notAfter: Int64

    /// The names of the files that ``write(to:)`` makes.
    public static let fileNames = CredentialFiles.names

    /// Writes the three files into a directory, which is made when it is missing. None of them may exist.
    ///
    /// The certificate comes last: where it is, the others are.
    public func write(to directory: String) throws(DeviceAuthError) {
        try CredentialFiles(certificatePEM: certificatePEM, privateKeyPEM: privateKeyPEM, rootPEM: rootPEM)
            .write(to: directory)
    }
}
