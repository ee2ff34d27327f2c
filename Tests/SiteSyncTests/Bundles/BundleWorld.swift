import DeviceAuth
import FileTree
import Foundation
import TUF
import UpdateTree

@testable import SiteSync

/// An upstream with the sample updates and its own certificates, and a site that has nothing yet.
final class BundleWorld {
    let path: String
    let upstream: UpdateLibrary
    let site: UpdateLibrary
    let certificates: CertificateDirectory
    let signer: DocumentSigner
    let trust: ServerTrust

    /// A moment at which the sample updates are valid. Seconds since 1970.
    static let now: Int64 = 1_760_000_000
    static let date = Date(timeIntervalSince1970: TimeInterval(now))
    static let settings = VerificationSettings(workers: 2)
    static let samples = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("data-sample").path

    init(updates: [String] = ["ci/main/43"]) throws {
        path = (access("/dev/shm", W_OK) == 0 ? "/dev/shm" : NSTemporaryDirectory()) + "/otaserve-" + UUID().uuidString
        _ = try Directory.make(path: path)
        certificates = CertificateDirectory("\(path)/certs")
        try certificates.initialise(factory: FactoryName("acme"), serverNames: [ServerName("ota.example.com")], now: Self.date)
        signer = try DocumentSigner.load(certificate: "\(path)/certs/tls.crt", key: "\(path)/certs/tls.key")
        trust = try ServerTrust.load(root: "\(path)/certs/root.crt")
        upstream = try Self.library("\(path)/upstream")
        site = try Self.library("\(path)/site")
        for update in updates { try ingest(update, into: upstream) }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    private static func library(_ path: String) throws -> UpdateLibrary {
        let library = try UpdateLibrary.open(dataDirectory: try Directory.make(path: path))
        for channel in Channel.allCases {
            let roots = try ["1", "2"].map {
                Array(try Data(contentsOf: URL(fileURLWithPath: "\(samples)/trust/\(channel)/\($0).root.json")))
            }
            try library.trust(of: channel).trust(first: roots[0])
            try library.trust(of: channel).adopt(roots)
        }
        return library
    }

    func ingest(_ update: String, into library: UpdateLibrary) throws {
        let report = try UpdateIngest(library: library, settings: Self.settings)
            .run(.directory(path: "\(Self.samples)/updates/\(update)"), as: key(update), now: MetadataTime(seconds: Self.now))
        guard report.isAccepted else { throw CocoaError(.fileReadCorruptFile) }
    }

    func key(_ path: String) throws -> UpdateKey {
        let parts = path.split(separator: "/")
        return UpdateKey(channel: try Channel(String(parts[0])), tag: try Tag(parts[1]), name: try UpdateName(parts[2]))
    }

    func inventory(of update: String) throws -> Inventory {
        let text = try upstream.verdicts.inventoryText(of: key(update)) ?? []
        return try Inventory(parsing: String(decoding: text, as: UTF8.self))
    }

    // MARK: Making and taking bundles

    var bundle: String { "\(path)/bundle" }
    var tar: String { "\(path)/bundle.tar" }

    @discardableResult
    func export(
        _ updates: [String] = ["ci/main/43"], site: String? = nil, have: BundleHave? = nil, to target: BundleTarget? = nil,
        checkpoint: @escaping @Sendable (BundleStep) throws -> Void = { _ in }
    ) throws -> BundleManifest {
        let order = BundleOrder(updates: try updates.map(key), site: try site.map { try SiteName($0) }, have: have)
        return try BundleExport(library: upstream, signer: signer, checkpoint: checkpoint)
            .run(order, to: target ?? .directory(path: bundle), now: Self.now)
    }

    func verify(_ path: String? = nil, as site: String? = nil) throws -> VerifiedBundle {
        try BundleVerification(trust: trust, site: try site.map { try SiteName($0) }, library: self.site)
            .run(Bundle.open(path: path ?? bundle), now: Self.now)
    }

    func take(
        _ path: String? = nil, checkpoint: @escaping @Sendable (String) throws -> Void = { _ in }
    ) async throws -> [BundleOutcome] {
        await BundleImport(library: site, settings: Self.settings, checkpoint: checkpoint)
            .run(try verify(path), now: MetadataTime(seconds: Self.now))
    }

    /// The slug with which the bundle is refused; nil when it is not.
    func refusal(_ path: String? = nil, as site: String? = nil) -> BundleError.Code? {
        do {
            _ = try verify(path, as: site)
            return nil
        } catch {
            return (error as? BundleError)?.code
        }
    }

    // MARK: Looking

    /// Every file of an update with its content.
    func files(of update: String, in library: UpdateLibrary) throws -> [String: Data] {
        let folder = "\(library.data.path)/updates/\(update)"
        var files: [String: Data] = [:]
        for case let name as String in FileManager.default.enumerator(atPath: folder) ?? .init() {
            if let data = FileManager.default.contents(atPath: "\(folder)/\(name)"),
                library.catalogue.root.status("\(update)/\(name)")?.kind == .file
            {
                files[name] = data
            }
        }
        return files
    }

    /// What lies below `updates/` of the site, hidden or not.
    var siteTree: [String] {
        (FileManager.default.enumerator(atPath: "\(path)/site/updates")?.allObjects as? [String] ?? []).sorted()
    }

    /// The files of the bundle, by their path in it.
    func bundleFiles(_ folder: String = "") -> [String] {
        let names = (FileManager.default.enumerator(atPath: "\(bundle)/\(folder)")?.allObjects as? [String] ?? []).sorted()
        return names.filter { name in
            var isDirectory: ObjCBool = false
            return FileManager.default.fileExists(atPath: "\(bundle)/\(folder)/\(name)", isDirectory: &isDirectory)
                && !isDirectory.boolValue
        }.map { folder.isEmpty ? $0 : "\(folder)/\($0)" }
    }

    func damage(_ name: String) throws {
        let url = URL(fileURLWithPath: "\(bundle)/\(name)")
        var data = try Data(contentsOf: url)
        data[data.count / 2] ^= 1
        try FileManager.default.removeItem(at: url)
        try data.write(to: url)
    }
}

struct Killed: Error {}
