import FileTree
import Foundation
import StrictJSON
import Testing

@testable import TUF

@Suite struct ChannelSigningTests {
    @Test("a new channel has a root, four sealed keys and nothing that others may read")
    func creation() throws {
        let channel = try TestChannel()
        #expect(channel.folder.names("ci") == ["1.root.json", "channel.json", "keys", "lock", "versions.json"])
        let directory = channel.repository.directory
        #expect(directory.status("keys")?.mode == 0o700)
        let keys = channel.folder.names("ci/keys")
        #expect(keys.count == 4)
        for name in keys {
            #expect(directory.status("keys/\(name)")?.mode == 0o600)
            #expect(name.count == 64 + 5)
        }
        #expect(try channel.keys(of: .targets).keyIDs.allSatisfy { keys.contains("\($0).json") })
    }

    @Test("a channel is created once")
    func createdOnce() throws {
        let channel = try TestChannel()
        let root = try channel.folder.bytes("ci/1.root.json")
        #expect(
            TUFError.Code.of { try ChannelRepository.create(in: channel.repository.directory, secret: channel.secret, now: .start) }
                == .channelExists)
        #expect(try channel.folder.bytes("ci/1.root.json") == root)
        #expect(channel.folder.names("ci/keys").count == 4)
    }

    @Test("an update is signed so that a device takes it, with RSA too", arguments: [KeyAlgorithm.ed25519, .rsa2048])
    func signed(algorithm: KeyAlgorithm) throws {
        let channel = try TestChannel(create: false)
        try ChannelRepository.create(in: channel.repository.directory, secret: channel.secret, keyAlgorithm: algorithm, now: .start)
        let update = try channel.sign()
        #expect(Set(update.files.keys) == ["1.root.json", "targets.json", "snapshot.json", "timestamp.json", "bundle-targets.json"])
        try update.files.verifyAsDevice()
        let images = try TargetsMetadata(parsing: #require(update.files["targets.json"])).images()
        #expect(images.map(\.name) == ["intel-corei7-64-lmp-42"] && images[0].tags == ["main"] && images[0].version == "42")
        let bundle = try BundleTargets(parsing: #require(update.files["bundle-targets.json"]), signedBy: channel.keys(of: .targets))
        #expect(bundle.channel == "ci" && bundle.tag == "main" && bundle.targets == ["intel-corei7-64-lmp-42"])
    }

    @Test("targets metadata have the sample's shape to the byte, but for keys, times and versions")
    func sampleShape() throws {
        let ours = try JSONValue(parsing: #require(TestChannel().sign().files["targets.json"]))
        let sample = try JSONValue(parsing: #require(DataSample.update("ci/main/42")["targets.json"]))
        let name = "intel-corei7-64-lmp-42"
        func names(_ value: JSONValue?) -> [String]? { value?.members?.map(\.name) }
        #expect(names(ours["signed"]) == names(sample["signed"]))
        #expect(names(ours["signed"]?["targets"]?[name]) == names(sample["signed"]?["targets"]?[name]))
        let custom = ours["signed"]?["targets"]?[name]?["custom"]
        #expect(names(custom) == names(sample["signed"]?["targets"]?[name]?["custom"]))
        #expect(custom?["targetFormat"] == .string("OSTREE"))
        #expect(custom?["hardwareIds"] == .array([.string("intel-corei7-64")]))
        #expect(ours["signed"]?["targets"]?[name]?["length"] == .integer(0))
    }

    @Test("versions rise per tag for targets, and over the channel for snapshot and timestamp")
    func versions() throws {
        let channel = try TestChannel()
        let signed = [try channel.sign("1"), try channel.sign("2"), try channel.sign("1", tag: "devel"), try channel.sign("1")]
        #expect(signed.map(\.targetsVersion) == [1, 2, 1, 3])
        #expect(signed.map(\.snapshotVersion) == [1, 2, 3, 4])
        #expect(signed.map(\.timestampVersion) == [1, 2, 3, 4])
    }

    @Test("a version that was persisted and not used, as after a crash, is skipped and never used again")
    func crash() throws {
        let channel = try TestChannel()
        _ = try channel.sign()
        let lost = try channel.repository.reserve(tag: "main", above: nil)
        #expect(lost == VersionLedger.Versions(targets: 2, snapshot: 2, timestamp: 2))
        #expect(try channel.sign().targetsVersion == 3)
    }

    @Test("the version is on the disk when the first signature is made")
    func persistedFirst() throws {
        let channel = try TestChannel()
        // A target that cannot be signed: the failure comes after the version was taken.
        #expect(throws: TUFError.self) {
            try channel.repository.sign(targets: [("targets", .string("ü"))], bundle: nil, tag: "main", above: nil, now: .start)
        }
        #expect(try VersionLedger(in: channel.repository.directory).timestamp == 1)
        #expect(try channel.sign().timestampVersion == 2)
    }

    @Test("without versions.json, or with a damaged one, nothing is signed: beginning again at 1 would freeze devices")
    func ledgerLost() throws {
        let channel = try TestChannel()
        _ = try channel.sign()
        for content in ["", "{}", #"{"format":1,"targets":{"main":"1"},"targets-floor":0,"snapshot":1,"timestamp":1}"#, "garbage"] {
            try channel.folder.write("ci/versions.json", Array(content.utf8))
            #expect(TUFError.Code.of { _ = try channel.sign() } == .repositoryInvalid, "\(content)")
        }
        try channel.repository.directory.remove("versions.json")
        #expect(TUFError.Code.of { _ = try channel.sign() } == .repositoryInvalid)
    }

    @Test("a wrong secret signs nothing, and takes no version")
    func wrongSecret() throws {
        let channel = try TestChannel()
        let other = try TestChannel()
        for secret in [other.secret, KeySecret.passphrase(SecretBytes("a passphrase".utf8)), nil] {
            let repository = ChannelRepository(directory: channel.repository.directory, secret: secret)
            #expect(throws: TUFError.self) {
                try repository.signUpdate(images: [channel.image()], tag: "main", channel: "ci", bundle: false, now: .start)
            }
        }
        #expect(try channel.sign().targetsVersion == 1)
    }

    @Test("a damaged key file is named, and shows nothing of its content")
    func damagedKey() throws {
        let channel = try TestChannel()
        let id = try #require(channel.keys(of: .snapshot).keyIDs.first)
        var bytes = try channel.folder.bytes("ci/keys/\(id).json")
        let sealed = String(decoding: bytes, as: UTF8.self)
        bytes[bytes.count - 20] ^= 2
        try channel.folder.write("ci/keys/\(id).json", bytes)
        let error = #expect(throws: TUFError.self) { try channel.sign() }
        #expect(error?.message.contains(id.text) == true)
        let content = try #require(try JSONValue(parsing: Array(sealed.utf8))["sealed"]?.string)
        #expect(error?.message.contains(content.prefix(8)) == false)
    }

    @Test("a key file under another key's name is refused")
    func swapped() throws {
        let channel = try TestChannel()
        let ids = [try #require(channel.keys(of: .snapshot).keyIDs.first), try #require(channel.keys(of: .targets).keyIDs.first)]
        try channel.folder.write("ci/keys/\(ids[0]).json", channel.folder.bytes("ci/keys/\(ids[1]).json"))
        #expect(TUFError.Code.of { _ = try channel.sign() } == .keyFileDamaged)
    }

    @Test("images that devices could not take are refused")
    func badImages() throws {
        let channel = try TestChannel()
        func image(
            _ name: String = "image", commit: String = String(repeating: "0a", count: 32), hardware: String = "hw",
            tags: [String] = ["main"],
            version: String = "1", apps: [String: String] = [:], extras: [String: JSONValue] = [:]
        ) throws -> ImageDescription {
            try ImageDescription(
                name: name, commit: commit, hardwareID: hardware, tags: tags, version: version, apps: apps, createdAt: .start,
                extras: extras)
        }
        let digest = String(repeating: "a", count: 64)
        let bad: [() throws -> ImageDescription] = [
            { try image("") }, { try image("a/b") }, { try image("..") }, { try image("a b") }, { try image(commit: "0a") },
            { try image(commit: String(repeating: "0A", count: 32)) }, { try image(hardware: "") }, { try image(tags: []) },
            { try image(tags: ["main", "main"]) }, { try image(tags: ["a,b"]) }, { try image(version: "") }, { try image(version: "1/2") },
            { try image(apps: ["app": "registry/app:latest"]) }, { try image(apps: ["app": "@sha256:\(digest)"]) },
            { try image(apps: ["app": "a@sha256:\(digest.uppercased())"]) }, { try image(apps: ["a/b": "a@sha256:\(digest)"]) },
            { try image(extras: ["tags": .array([])]) },
        ]
        for make in bad { #expect(TUFError.Code.of { _ = try make() } == .targetInvalid) }
        for (images, tag, name) in [
            ([], "main", "ci"), ([try image(), try image()], "main", "ci"), ([try image()], "devel", "ci"),
            ([try image()], "main", "other"),
        ] {
            #expect(
                TUFError.Code.of {
                    _ = try channel.repository.signUpdate(images: images, tag: tag, channel: name, bundle: true, now: .start)
                }
                    == .targetInvalid)
        }
    }
}
