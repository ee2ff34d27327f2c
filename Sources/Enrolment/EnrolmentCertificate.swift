import NIOCore
import NIOSSL
import Synchronization

/// The certificate that the listener shows, as the files say it now; replaced by ``reload()`` without dropping a connection.
public final class EnrolmentCertificate: Sendable {
    private let certificatePath: String
    private let keyPath: String
    private let current: Mutex<Loaded>

    private struct Loaded: Sendable {
        let chain: [NIOSSLCertificateSource]
        let key: NIOSSLPrivateKeySource
    }

    /// - Throws: ``EnrolmentError/Code/certificateUnusable``.
    public init(certificatePath: String, keyPath: String) throws(EnrolmentError) {
        self.certificatePath = certificatePath
        self.keyPath = keyPath
        current = Mutex(try Self.load(certificatePath, keyPath))
    }

    /// Reads the files again. When they are unusable it throws, and what was read before stays.
    public func reload() throws(EnrolmentError) {
        let fresh = try Self.load(certificatePath, keyPath)
        current.withLock { $0 = fresh }
    }

    /// TLS 1.2 or later, and nobody is asked for a certificate: a device that enrols has none.
    var configuration: TLSConfiguration {
        let loaded = current.withLock { $0 }
        var configuration = TLSConfiguration.makeServerConfiguration(certificateChain: loaded.chain, privateKey: loaded.key)
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        configuration.sslContextCallback = { [self] _, promise in
            let loaded = current.withLock { $0 }
            var shown = NIOSSLContextConfigurationOverride()
            shown.certificateChain = loaded.chain
            shown.privateKey = loaded.key
            promise.succeed(shown)
        }
        return configuration
    }

    private static func load(_ certificatePath: String, _ keyPath: String) throws(EnrolmentError) -> Loaded {
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(certificatePath).map { NIOSSLCertificateSource.certificate($0) }
            let key = try NIOSSLPrivateKey(file: keyPath, format: .pem)
            // A key that is not the certificate's is found here, not in a handshake.
            _ = try NIOSSLContext(configuration: .makeServerConfiguration(certificateChain: chain, privateKey: .privateKey(key)))
            return Loaded(chain: chain, key: .privateKey(key))
        } catch {
            throw EnrolmentError(
                .certificateUnusable,
                "\(certificatePath) and \(keyPath) cannot be used for the enrolment listener: \(error); check enrolment-certificate and enrolment-key"
            )
        }
    }
}
