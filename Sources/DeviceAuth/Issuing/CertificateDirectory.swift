import X509

/// The folder `certs/`: the authorities, the server's certificate and the revocation lists of one installation.
///
/// ```swift
/// let certificates = CertificateDirectory("data/certs")
/// try certificates.initialise(factory: FactoryName("acme"), serverNames: [ServerName("ota.example.com")], now: .now)
/// let device = try certificates.issueDevice(DeviceID("pump-7"), isProduction: true, now: .now)
/// try device.write(to: "out")
/// ```
///
/// | | |
/// |---|---|
/// | ``initialise(factory:serverNames:now:)`` | everything, with the root here |
/// | ``createRequests(factory:serverNames:)``, ``install(root:server:deviceAuthority:now:)`` | with the root elsewhere |
/// | ``issueDevice(_:isProduction:lifetime:now:)`` | a device's key and certificate |
/// | ``issueSite(_:grants:lifetime:now:)`` | a site's key and certificate |
/// | ``revoke(_:now:)``, ``refreshRevocationList(now:)`` | `crl/device-ca.pem` |
/// | ``summary(now:)`` | what is there, and what should be mended |
///
/// Every file is written beside its place, synced and put there in one step. Private keys are never overwritten.
public struct CertificateDirectory: Sendable {
    public let path: String
    var writing = FileWriting()

    public init(_ path: String) {
        self.path = path
    }

    enum File: String, CaseIterable {
        case rootCertificate = "root.crt"
        case rootKey = "root.key"
        case serverCertificate = "tls.crt"
        case serverKey = "tls.key"
        case serverRequest = "tls.csr"
        case deviceAuthorityCertificate = "device-ca.crt"
        case deviceAuthorityKey = "device-ca.key"
        case deviceAuthorityRequest = "device-ca.csr"
        case authorities = "cas.pem"
        case revocationList = "crl/device-ca.pem"
    }

    func path(_ file: File) -> String { path + "/" + file.rawValue }

    func content(_ file: File) throws(DeviceAuthError) -> [UInt8] {
        try FileReading.content(path(file), limit: Self.maximumFileSize)
    }

    func certificates(_ file: File) throws(DeviceAuthError) -> [Certificate] {
        try CertificateFile.certificates(content(file), name: file.rawValue, code: .certificateInvalid)
    }

    /// The first certificate of a file; the reader has refused files without one.
    func certificate(_ file: File) throws(DeviceAuthError) -> Certificate {
        try Self.first(certificates(file), file.rawValue)
    }

    static func first(_ certificates: [Certificate], _ name: String) throws(DeviceAuthError) -> Certificate {
        guard let certificate = certificates.first else {
            throw DeviceAuthError(
                .certificateInvalid, "\(name) contains no certificate: give a file with 'BEGIN CERTIFICATE'")
        }
        return certificate
    }

    func privateKey(_ file: File) throws(DeviceAuthError) -> Certificate.PrivateKey {
        try PrivateKeyFile.key(content(file), name: file.rawValue)
    }

    func deviceIssuer() throws(DeviceAuthError) -> Issuer {
        try Issuer(certificate(.deviceAuthorityCertificate), key: privateKey(.deviceAuthorityKey), name: "device-ca")
    }

    static let maximumFileSize = 1 << 20
}

extension CertificateDirectory {
    /// The content of a certificate, request or key file that an operator named, at most a megabyte.
    public static func content(ofFile path: String) throws(DeviceAuthError) -> [UInt8] {
        try FileReading.content(path, limit: maximumFileSize)
    }
}
