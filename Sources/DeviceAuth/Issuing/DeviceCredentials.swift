/// What a device needs to prove who it is: `client.pem`, `pkey.pem` and `root.crt`.
public struct DeviceCredentials: Sendable {
    public let id: DeviceID
    public let factory: String?
    public let isProduction: Bool
    public let certificatePEM: String
    /// The private key; it is kept nowhere else.
    public let privateKeyPEM: String
    public let rootPEM: String
    public let serial: CertificateSerial
    /// The public key of the certificate, as ``DeviceIdentity`` has it.
    public let publicKeyPEM: String
    public let key: KeyFingerprint
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
