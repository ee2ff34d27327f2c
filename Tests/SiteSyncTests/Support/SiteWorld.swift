import DeviceAuth
import FileTree
import Foundation
import Logging
import NIOHTTP1
import TUF
import UpdateTree

@testable import SiteSync

/// An upstream with certificates and sample updates, and the data directory of a site.
final class SiteWorld: Sendable {
    let folder: String
    let library: UpdateLibrary
    /// What an upstream would tell, by path of the update.
    let updates: [String: StubUpdate]

    static let samples = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("data-sample").path
    /// Within the life of the sample's metadata.
    static let now: @Sendable () -> MetadataTime = { MetadataTime(seconds: 1_800_000_000) }

    init(_ samples: [String] = ["ci/main/42"]) throws {
        let parent = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : NSTemporaryDirectory()
        folder = "\(parent)/otaserve-sitesync-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        library = try Self.library("\(folder)/site")
        let upstream = try Self.library("\(folder)/upstream")
        var updates: [String: StubUpdate] = [:]
        for sample in samples { updates[sample] = try StubUpdate(sample, upstream) }
        self.updates = updates
        let pki = CertificateDirectory("\(folder)/certs")
        try pki.initialise(factory: FactoryName("acme"), serverNames: [ServerName("localhost")], now: .now)
        try pki.issueSite(SiteName("plant-2"), grants: [SiteGrant("ci/*"), SiteGrant("prod/*")], now: .now).write(to: credentials)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    var credentials: String { "\(folder)/credentials" }

    private static func library(_ path: String) throws -> UpdateLibrary {
        let library = try UpdateLibrary.open(dataDirectory: try Directory.make(path: path))
        for channel in Channel.allCases {
            func root(_ version: Int) throws -> [UInt8] {
                try Array(Data(contentsOf: URL(fileURLWithPath: "\(samples)/trust/\(channel)/\(version).root.json")))
            }
            try library.trust(of: channel).trust(first: root(1))
            try library.trust(of: channel).adopt([root(2)])
        }
        return library
    }

    static func key(_ path: String) throws -> UpdateKey {
        let parts = path.split(separator: "/")
        return UpdateKey(channel: try Channel(String(parts[0])), tag: try Tag(parts[1]), name: try UpdateName(parts[2]))
    }

    /// Patience of a test: what never comes is not waited for long.
    static var settings: SiteClientSettings {
        var settings = SiteClientSettings()
        settings.idle = .milliseconds(500)
        settings.window = .milliseconds(300)
        settings.leastBytes = 10_000
        settings.attempts = 3
        settings.pause = .milliseconds(1)
        return settings
    }

    /// Starts an upstream that answers as it should, unless `spoil` says otherwise, and syncs with it.
    func with<Value>(
        host: String = "localhost", certificates: String? = nil, rate: RateLimit? = nil,
        spoil: @escaping @Sendable (UpstreamStub.Request) -> UpstreamStub.Reply? = { _ in nil },
        _ body: (SiteClient, UpstreamStub) async throws -> Value
    ) async throws -> Value {
        let certs = certificates ?? "\(folder)/certs"
        let updates = updates
        let stub = try await UpstreamStub(certificate: "\(certs)/tls.crt", key: "\(certs)/tls.key") { request in
            spoil(request) ?? StubUpdate.answer(request, of: updates)
        }
        let client = try SiteClient(
            UpstreamAddress("https://\(host):\(stub.port)"), credentials: credentials, settings: Self.settings, rate: rate)
        let outcome: Result<Value, any Error>
        do { outcome = .success(try await body(client, stub)) } catch { outcome = .failure(error) }
        await client.close()
        await stub.close()
        return try outcome.get()
    }

    func sync(_ client: SiteClient, _ selection: [String] = [], removal: SiteSync.Removal? = nil) async throws -> SyncReport {
        try await SiteSync(
            library: library, client: client, settings: VerificationSettings(workers: 1), parallel: 2, removal: removal,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ).run(SiteSelection(selection), now: Self.now)
    }
}
