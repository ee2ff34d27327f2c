import Crypto
import Foundation
import StrictJSON

@testable import TUF
@testable import UpdateTree

/// A copy of a sample update that is about to be spoilt in one place.
final class TreeDraft {
    let path: String
    private let fixture: StoreFixture

    init(in fixture: StoreFixture, of sample: String = "ci/main/43") throws {
        self.fixture = fixture
        path = "\(fixture.path)/draft"
        try FileManager.default.copyItem(atPath: "\(StoreFixture.sample)/updates/\(sample)", toPath: path)
    }

    func full(_ name: String) -> String { "\(path)/\(name)" }

    // MARK: Files

    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: full(name)) }

    func write(_ name: String, _ bytes: some Sequence<UInt8>) throws {
        try makeParent(of: name)
        try Data(bytes).write(to: URL(fileURLWithPath: full(name)))
    }

    func write(_ name: String, _ text: String) throws { try write(name, text.utf8) }

    func edit(_ name: String, _ old: String, _ new: String) throws {
        try write(name, String(contentsOfFile: full(name), encoding: .utf8).replacing(old, with: new))
    }

    func flip(_ name: String, at offset: Int = -2) throws { try Damage.flip(full(name), at: offset) }

    func change(_ name: String, _ change: (inout [UInt8]) -> Void) throws { try Damage.write(full(name), change) }

    /// The same file of another sample update.
    func take(_ name: String, from sample: String) throws {
        if FileManager.default.fileExists(atPath: full(name)) { try remove(name) }
        try FileManager.default.copyItem(atPath: "\(StoreFixture.sample)/updates/\(sample)/\(name)", toPath: full(name))
    }

    func exchange(_ name: String, _ other: String) throws {
        try FileManager.default.moveItem(atPath: full(name), toPath: full("kept"))
        try FileManager.default.moveItem(atPath: full(other), toPath: full(name))
        try FileManager.default.moveItem(atPath: full("kept"), toPath: full(other))
    }

    func put(_ thing: NotPlain, at name: String) throws {
        try? remove(name)
        try makeParent(of: name)
        try thing.put(at: full(name), right: "\(StoreFixture.sample)/updates/ci/main/43/\(name)")
    }

    private func makeParent(of name: String) throws {
        let parent = (full(name) as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
    }

    // MARK: Content

    /// The first object of that kind, sorted; relative to the update.
    func object(_ kind: String, _ index: Int = 0) throws -> String {
        let names = FileManager.default.enumerator(atPath: full("ostree_repo/objects"))?.allObjects as? [String] ?? []
        let found = names.filter { $0.hasSuffix(".\(kind)") }.sorted()
        return "ostree_repo/objects/\(found[index])"
    }

    var manifest: String {
        get throws {
            let app = try FileManager.default.contentsOfDirectory(atPath: full("apps/apps/shellhttpd"))
            return "apps/blobs/sha256/\(app.first ?? "")"
        }
    }

    /// A blob that the app's manifest names: `config` or `layers`.
    func blob(_ member: String, of manifest: String) throws -> String {
        let value = try JSONValue(parsing: Array(Data(contentsOf: URL(fileURLWithPath: full(manifest)))))
        let reference = value[member]?.array?.first ?? value[member]
        return "apps/blobs/sha256/\(reference?["digest"]?.string?.dropFirst("sha256:".count) ?? "")"
    }

    /// The image's index and its one manifest.
    var imageIndex: String { "apps/blobs/sha256/664a4a5a2fe637c7f1736ed986e67cc9970cbd7f33f1bdb3bd4c9ddef4dbf12c" }

    var imageManifest: String { "apps/blobs/sha256/b0c9bcd50035ebfa3e208c8834f6d17f38d6cc7e4bfa0e3f64fdd1ec1293a3ba" }

    /// Puts a blob there under its digest and returns that.
    func addBlob(_ text: String) throws -> String {
        let digest = Digest(of: text.utf8).hex
        try write("apps/blobs/sha256/\(digest)", text)
        return digest
    }

    // MARK: Metadata

    /// Signs `tuf/` anew with keys of the fixture, so that nothing but what `change` says is wrong.
    func sign(_ change: (inout SignedImage) throws -> Void = { _ in }) throws {
        var image = SignedImage(manifest: String(try manifest.suffix(64)))
        try change(&image)
        let directory = try fixture.library.data.directory("tuf/ci")
        let repository = fixture.library.repository(of: .ci, secret: try KeySecret.makeFile(in: directory))
        if try repository.trust.roots().isEmpty {
            try ChannelRepository.create(in: directory, secret: KeySecret.makeFile(in: directory), now: StoreFixture.now)
        }
        let signed = try repository.sign(
            targets: [("targets", image.targets)], bundle: [("x-fio-offline-bundle", image.bundle)], tag: "main", above: nil,
            now: StoreFixture.now)
        try remove("tuf")
        for (name, bytes) in signed.files { try write("tuf/\(name)", bytes) }
    }
}

/// What targets and bundle of a draft say.
struct SignedImage {
    let name = "intel-corei7-64-lmp-43"
    var isThere = true
    var commit = "e05ca51d0250861e93af669db6b4654fd5fa0510d50f4365f60aa0e00433806c"
    var hardwareIDs = ["intel-corei7-64"]
    var tags = ["main"]
    var appName = "shellhttpd"
    var uri: String
    var bundleChannel = "ci"
    var bundleTag = "main"
    var bundleTargets = ["intel-corei7-64-lmp-43"]

    init(manifest: String) { uri = "registry.example.com/factory/shellhttpd@sha256:\(manifest)" }

    var targets: JSONValue {
        func texts(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }
        let custom = JSONValue.object([
            ("targetFormat", .string("OSTREE")), ("hardwareIds", texts(hardwareIDs)), ("tags", texts(tags)), ("version", .string("43")),
            ("name", .string("intel-corei7-64-lmp")), ("createdAt", .string("2025-02-15T10:00:00Z")),
            ("docker_compose_apps", .object([(appName, .object([("uri", .string(uri))]))])),
        ])
        let target = JSONValue.object([("hashes", .object([("sha256", .string(commit))])), ("length", .integer(0)), ("custom", custom)])
        return .object(isThere ? [(name, target)] : [])
    }

    var bundle: JSONValue {
        .object([
            ("type", .string(bundleChannel)), ("tag", .string(bundleTag)), ("targets", .array(bundleTargets.map { .string($0) })),
        ])
    }
}
