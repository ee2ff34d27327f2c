import Foundation
import StrictJSON
import Testing

@testable import TUF

@Suite struct MetadataWriterTests {
    @Test(
        "a text that encoders write differently is refused",
        arguments: ["é", "\u{0}", "\u{1F}", "\u{7F}", "\u{2028}", "😀", "\u{8}", "\u{C}"])
    func unportable(text: String) {
        for value in [JSONValue.string(text), .object([(text, .null)]), .array([.object([("a", .string("x" + text))])])] {
            #expect(TUFError.Code.of { _ = try MetadataWriter.message(value, profile: .fio) } == .textNotPortable)
            #expect(TUFError.Code.of { _ = try MetadataWriter.message(value, profile: .standard) } == .textNotPortable)
        }
    }

    @Test("an image or a target with such a text is refused before anything is signed")
    func unportableImage() throws {
        #expect(
            TUFError.Code.of {
                _ = try ImageDescription(
                    name: "a", commit: String(repeating: "0", count: 64), hardwareID: "b", tags: ["main"], version: "1", apps: [:],
                    createdAt: .start, extras: ["x": .string("ü")])
            } == .textNotPortable)
        var repository = try Repository(profile: .standard, keys: TestKeys.all(.ed25519), now: .start)
        #expect(
            TUFError.Code.of {
                try repository.set(TargetFile(name: "ü", length: 0, hashes: Hashes(sha256: [UInt8](repeating: 0, count: 32))))
            }
                == .textNotPortable)
    }

    @Test("the bytes of a written file are its canonical form, with PEM keys in it too", arguments: Profile.allCases)
    func canonical(profile: Profile) throws {
        let key = try PrivateKey.make(.rsa2048)
        var repository = try Repository(
            profile: profile, keys: [.root: [key], .targets: [key], .snapshot: [key], .timestamp: [key]], now: .start)
        _ = try repository.publish(now: .start)
        for (name, bytes) in repository.files {
            let value = try JSONValue(parsing: bytes)
            #expect(CanonicalJSON.bytes(of: value, .ordinary) == bytes, "\(name)")
            let role = try #require(TopRole.allCases.first { name.hasSuffix($0.fileName) })
            #expect(try Envelope(parsing: bytes, as: role).hashed == bytes, "\(name)")
        }
    }

    @Test("standard signs a PEM key with raw line ends, fio as it stands in the file")
    func messages() throws {
        let signed = JSONValue.object([("k", .string("a\nb"))])
        #expect(try MetadataWriter.message(signed, profile: .standard) == Array("{\"k\":\"a\nb\"}".utf8))
        #expect(try MetadataWriter.message(signed, profile: .fio) == Array(#"{"k":"a\nb"}"#.utf8))
    }

    @Test("a signature of an RSA root in the fio profile is over the bytes of the file, as jsoncpp writes them")
    func fioBytes() throws {
        let folder = try TemporaryFolder()
        let key = try PrivateKey.make(.rsa2048)
        let repository = try Repository(
            profile: .fio, keys: [.root: [key], .targets: [key], .snapshot: [key], .timestamp: [key]], now: .start)
        let bytes = try #require(repository.files["1.root.json"])
        let envelope = try Envelope(parsing: bytes, as: .root)
        #expect(envelope.signatures.count == 1 && envelope.signatures[0].method == .rsaPSS)
        try folder.write("message", Array(bytes[envelope.signed.range]))
        try folder.write("signature", try #require(envelope.signatures[0].bytes))
        try folder.write("public.pem", Array(key.publicKey.pem.utf8))
        try Tool.run(
            "openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", folder.file("public.pem"), "-in", folder.file("message"),
            "-sigfile", folder.file("signature"), "-digest", "sha256", "-pkeyopt", "rsa_padding_mode:pss", "-pkeyopt", "rsa_pss_saltlen:32")
    }

    @Test("ECDSA keys are refused in the fio profile: devices reject such a root")
    func ecdsa() throws {
        #expect(
            TUFError.Code.of { _ = try Repository(profile: .fio, keys: TestKeys.all(.ecdsaP256), now: .start) } == .keyTypeUnsupported)
    }

    @Test("a sample's root and ours have the same shape")
    func shape() throws {
        let ours = try #require(Repository(profile: .fio, keys: TestKeys.all(.ed25519), now: .start).files["1.root.json"])
        let sample = try DataSample.bytes("trust/ci/1.root.json")
        #expect(Self.shape(try JSONValue(parsing: ours)) == Self.shape(try JSONValue(parsing: sample)))
    }

    /// Member names and kinds, with ids of keys left out.
    private static func shape(_ value: JSONValue) -> String {
        switch value {
        case .object(let members):
            "{" + members.map { ($0.name.count == 64 ? "ID" : $0.name) + ":" + shape($0.value) }.sorted().joined(separator: ",") + "}"
        case .array(let elements): "[" + elements.map(shape).joined(separator: ",") + "]"
        case .string: "s"
        case .integer: "i"
        case .bool: "b"
        case .null: "n"
        }
    }
}

/// Keys for every role.
enum TestKeys {
    static func all(_ algorithm: KeyAlgorithm, count: Int = 1) throws -> [TopRole: [PrivateKey]] {
        var keys: [TopRole: [PrivateKey]] = [:]
        for role in TopRole.allCases { keys[role] = try (0..<count).map { _ in try PrivateKey.make(algorithm) } }
        return keys
    }
}

/// The repository's `data-sample`, found from this file.
enum DataSample {
    static func bytes(_ path: String) throws -> [UInt8] {
        var folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        while folder.path != "/" {
            folder.deleteLastPathComponent()
            let candidate = folder.appendingPathComponent("data-sample/\(path)")
            if FileManager.default.fileExists(atPath: candidate.path) { return Array(try Data(contentsOf: candidate)) }
        }
        throw CocoaError(.fileNoSuchFile)
    }

    static func update(_ update: String) throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for name in ["3.root.json", "targets.json", "snapshot.json", "timestamp.json", "bundle-targets.json"] {
            files[name] = try bytes("updates/\(update)/tuf/\(name)")
        }
        return files
    }
}
