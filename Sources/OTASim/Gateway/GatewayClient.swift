import AsyncHTTPClient
import DeviceAuth
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL

/// A device's way to the gateway: mutual TLS with its own certificate.
struct GatewayClient: Sendable {
    struct Answer: Sendable {
        let status: Int
        let body: Data
    }

    private let http: HTTPClient
    private let address: String
    private let tls: TLSConfiguration

    private static let largestAnswer = 8 << 20

    /// - Parameter address: such as `https://localhost:8443`.
    init(_ http: HTTPClient, at address: String, as credentials: DeviceCredentials) throws {
        self.http = http
        self.address = address
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(credentials.rootPEM.utf8)))
        tls.certificateChain = try NIOSSLCertificate.fromPEMBytes(Array(credentials.certificatePEM.utf8)).map { .certificate($0) }
        tls.privateKey = .privateKey(try NIOSSLPrivateKey(bytes: Array(credentials.privateKeyPEM.utf8), format: .pem))
        self.tls = tls
    }

    /// For all devices together: a connection is kept for the requests of one contact, not longer.
    static func makeClient() -> HTTPClient {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow, timeout: .init(connect: .seconds(10), read: .seconds(30)))
        configuration.connectionPool = .init(idleTimeout: .milliseconds(500), concurrentHTTP1ConnectionsPerHostSoftLimit: 1)
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.httpVersion = .http1Only
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    /// Nil when the server was not reached, or did not answer to the end.
    func send(_ method: String, _ path: String, headers: [(String, String)], body: Data?) async throws -> Answer? {
        var request = HTTPClientRequest(url: address + path)
        request.method = HTTPMethod(rawValue: method)
        request.tlsConfiguration = tls
        request.headers.add(contentsOf: headers)
        if let body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: body))
        }
        do {
            let response = try await http.execute(request, timeout: .seconds(60))
            let bytes = try await response.body.collect(upTo: Self.largestAnswer)
            return Answer(status: Int(response.status.code), body: Data(bytes.readableBytesView))
        } catch {
            try Task.checkCancellation()
            return nil
        }
    }
}
