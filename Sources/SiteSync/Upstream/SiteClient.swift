import AsyncHTTPClient
import DeviceAuth
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL
import UpdateTree

/// Asks the upstream server, as the site that the credentials name. Trusts the one root of the credentials, checks the
/// server's name, follows no redirect, and reads no more than it asked for.
///
/// Map: ``listing()`` and ``inventory(of:)`` say what there is; ``source(of:)`` brings an update's files.
public struct SiteClient: Sendable {
    public let address: UpstreamAddress
    let settings: SiteClientSettings
    let rate: RateLimit?
    let pause: @Sendable (Duration) async throws -> Void
    let elapsed: @Sendable () -> Duration
    private let http: HTTPClient

    /// Bytes of the list of updates.
    static let largestListing = 64 << 20

    /// - Parameter credentials: the directory with `client.pem`, `pkey.pem` and `root.crt`.
    public init<C: Clock>(
        _ address: UpstreamAddress, credentials: String, settings: SiteClientSettings = SiteClientSettings(), rate: RateLimit? = nil,
        clock: C = ContinuousClock()
    ) throws(SiteSyncError) where C.Duration == Duration {
        self.address = address
        self.settings = settings
        self.rate = rate
        pause = { try await clock.sleep(until: clock.now.advanced(by: $0), tolerance: nil) }
        let start = clock.now
        elapsed = { start.duration(to: clock.now) }
        // No redirects: the certificate is for this server and for no other.
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: try Self.tls(credentials), redirectConfiguration: .disallow,
            timeout: .init(connect: TimeAmount(settings.connect), read: TimeAmount(settings.idle)))
        // A connection for each file under way: a cut is one file's.
        configuration.httpVersion = .http1Only
        configuration.connectionPool.retryConnectionEstablishment = false
        http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    public func close() async { try? await http.shutdown() }

    private static func tls(_ folder: String) throws(SiteSyncError) -> TLSConfiguration {
        do {
            let chain = try NIOSSLCertificate.fromPEMFile("\(folder)/client.pem")
            let roots = try NIOSSLCertificate.fromPEMFile("\(folder)/root.crt")
            guard !chain.isEmpty, !roots.isEmpty else { throw SiteSyncError(.credentialsInvalid, "a file holds no certificate") }
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.minimumTLSVersion = .tlsv12
            tls.certificateVerification = .fullVerification
            tls.trustRoots = .certificates(roots)
            tls.certificateChain = chain.map { .certificate($0) }
            tls.privateKey = .privateKey(try NIOSSLPrivateKey(file: "\(folder)/pkey.pem", format: .pem))
            return tls
        } catch {
            throw SiteSyncError(
                .credentialsInvalid,
                "\(folder) must hold \(SiteCredentials.fileNames.joined(separator: ", ")) of otaserve pki issue-site: \(error)")
        }
    }

    // MARK: Requests

    /// One request. Throws `.unreachable` when there is no answer; the answer may be a refusal.
    func get(_ path: String, _ fields: [(String, String)] = []) async throws -> HTTPClientResponse {
        var request = HTTPClientRequest(url: address.text + path)
        request.headers.add(contentsOf: fields)
        return try await reaching { [request] in try await http.execute(request, deadline: .distantFuture) }
    }

    /// Hands a signed report to the upstream; returns when it is stored there.
    public func send(report: [UInt8]) async throws {
        let path = "/site/v1/report"
        var request = HTTPClientRequest(url: address.text + path)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        request.body = .bytes(ByteBuffer(bytes: report))
        let response = try await reaching { [request] in try await http.execute(request, deadline: .distantFuture) }
        guard response.status == .noContent else { throw await refusal(response, path) }
    }

    /// Tells every failure of a connection as one error.
    func reaching<Value>(_ operation: () async throws -> Value) async throws -> Value {
        do {
            return try await operation()
        } catch let error as SiteSyncError {
            throw error
        } catch {
            try Task.checkCancellation()
            throw SiteSyncError(.unreachable, "\(address): \(Self.reason(error)); check the address, the line and root.crt")
        }
    }

    private static func reason(_ error: any Error) -> String {
        if let error = error as? IOError { return String(cString: strerror(error.errnoCode)) }
        return String(describing: error).split(separator: "\n").first.map { String($0.prefix(300)) } ?? "the connection failed"
    }
}

extension TimeAmount {
    fileprivate init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self = .seconds(seconds) + .nanoseconds(attoseconds / 1_000_000_000)
    }
}
