import DeviceAuth
import Foundation
import NIOSSL
import Synchronization

/// The server's certificate and the trust in devices, as the folder `certs/` says it now.
///
/// Replaced as a whole by ``reload(now:)``; connections that are open stay open and are judged by the new trust at
/// their next request.
public final class CertificateStore: Sendable {
    /// One state of the folder.
    struct Current: Sendable {
        let context: NIOSSLContext
        let trust: TrustStore
        fileprivate let material: Material
    }

    /// The bytes that the TLS context was made from: while they stay the same the context is kept, and with it the
    /// keys of the session tickets that devices hold.
    fileprivate struct Material: Equatable, Sendable {
        let chain: [UInt8]
        let key: [UInt8]
        let authorities: [[UInt8]]
    }

    private let folder: String
    private let current: Mutex<Current>
    private let changes = Atomic<UInt64>(1)

    /// - Parameter certificates: the path of `DATADIR/certs`.
    public init(certificates folder: String, now: Date) throws {
        self.folder = folder
        current = Mutex(try Self.load(folder, replacing: nil, now: now))
    }

    /// Rises with every reload.
    var generation: UInt64 { changes.load(ordering: .acquiring) }

    var value: Current { current.withLock { $0 } }

    /// What an operator should mend, one sentence each.
    public var warnings: [String] { value.trust.warnings }

    /// Reads the folder again. When anything in it is unusable it throws, and what was read before stays.
    public func reload(now: Date) throws {
        let fresh = try Self.load(folder, replacing: value, now: now)
        current.withLock { $0 = fresh }
        changes.add(1, ordering: .releasing)
    }

    private static func load(_ folder: String, replacing old: Current?, now: Date) throws -> Current {
        let trust = try TrustStore.load(certificates: folder, now: now)
        let material = Material(
            chain: try read("\(folder)/tls.crt"), key: try read("\(folder)/tls.key"),
            authorities: trust.authorityCertificates)
        if let old, old.material == material { return Current(context: old.context, trust: trust, material: material) }
        return Current(context: try makeContext(material), trust: trust, material: material)
    }

    private static func read(_ path: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw GatewayError(.certificateUnusable, "\(path) cannot be read; make it with otaserve pki init")
        }
        return Array(data)
    }

    private static func makeContext(_ material: Material) throws -> NIOSSLContext {
        do {
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: try NIOSSLCertificate.fromPEMBytes(material.chain).map { .certificate($0) },
                privateKey: .privateKey(try NIOSSLPrivateKey(bytes: material.key, format: .pem)))
            configuration.minimumTLSVersion = .tlsv12
            configuration.applicationProtocols = ["h2", "http/1.1"]
            // Asked for, not insisted on: the app tool has none. Who has none gets no further than the registry.
            configuration.certificateVerification = .optionalVerification
            configuration.trustRoots = .certificates(
                try material.authorities.map { try NIOSSLCertificate(bytes: $0, format: .der) })
            configuration.shutdownTimeout = .seconds(2)
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw GatewayError(
                .certificateUnusable, "tls.crt and tls.key cannot be used: \(error); see otaserve pki show")
        }
    }
}
