import NIOSSL

/// A device's certificate with what it needs to prove itself.
struct ClientIdentity: Sendable {
    let chain: [NIOSSLCertificate]
    let key: NIOSSLPrivateKey

    init(chain: [NIOSSLCertificate], key: NIOSSLPrivateKey) {
        self.chain = chain
        self.key = key
    }

    init(certificateFile: String, keyFile: String) throws {
        self.init(chain: try NIOSSLCertificate.fromPEMFile(certificateFile), key: try NIOSSLPrivateKey(file: keyFile, format: .pem))
    }

    /// TLS 1.3 only, the server's certificate fully verified.
    func context(trusting roots: [NIOSSLCertificate], version: HTTPVersion) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv13
        configuration.trustRoots = .certificates(roots)
        configuration.certificateChain = chain.map { .certificate($0) }
        configuration.privateKey = .privateKey(key)
        configuration.applicationProtocols = [version.applicationProtocol]
        return try NIOSSLContext(configuration: configuration)
    }
}
