import Crypto
import Foundation
import Testing

@testable import TUF

/// python-tuf's client follows a repository of ours.
@Suite struct PythonClientTests {
    private struct Arrived: Decodable, Equatable {
        let root: Int64
        let timestamp: Int64
        let snapshot: Int64
        let targets: Int64
        let count: Int
        let fetched: [String: String?]
    }

    private let folder: TemporaryFolder
    private let now = MetadataTime(seconds: Int64(Date.now.timeIntervalSince1970))

    init() throws {
        folder = try TemporaryFolder()
        for name in ["repository/targets", "state"] {
            try FileManager.default.createDirectory(atPath: folder.file(name), withIntermediateDirectories: true)
        }
    }

    private func follow(_ targets: String...) throws -> Arrived {
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("follow.py").path
        let printed = try Tool.run([PythonTUF.interpreter().path, script, folder.file("repository"), folder.file("state")] + targets)
        return try JSONDecoder().decode(Arrived.self, from: Data(printed))
    }

    private func serve(_ files: [String: [UInt8]]) throws {
        for (name, bytes) in files { try folder.write("repository/\(name)", bytes) }
    }

    private func add(_ name: String, to repository: inout Repository) throws -> String {
        let content = Array("content of \(name)".utf8)
        let digest = Array(SHA256.hash(data: content))
        let hex = Hexadecimal.text(digest)
        try folder.write("repository/targets/\(hex).\(name)", content)
        try repository.set(
            TargetFile(
                name: name, length: Int64(content.count), hashes: Hashes(sha256: digest), custom: .object([("tag", .string("a\tb"))])))
        return hex
    }

    private func begin(_ keys: [TopRole: [PrivateKey]], thresholds: [TopRole: Int] = [:]) throws -> Repository {
        let repository = try Repository(profile: .standard, keys: keys, thresholds: thresholds, now: now)
        try serve(repository.files)
        try folder.write("state/bootstrap.json", try #require(repository.files["1.root.json"]))
        return repository
    }

    @Test("it follows creation, 200 targets, two root rotations, a rotation of each other role and a refresh")
    func life() throws {
        var repository = try begin(TestKeys.all(.ed25519))
        let first = try add("first", to: &repository)
        try serve(repository.publish(now: now))
        #expect(
            try follow("first", "absent")
                == Arrived(root: 1, timestamp: 1, snapshot: 1, targets: 1, count: 1, fetched: ["first": first, "absent": nil]))
        var last = ""
        for number in 0..<200 { last = try add("file-\(number)", to: &repository) }
        try serve(repository.publish(now: now))
        #expect(try follow("file-199") == Arrived(root: 1, timestamp: 2, snapshot: 2, targets: 2, count: 201, fetched: ["file-199": last]))
        try serve(repository.rotate(.root, to: [PrivateKey.make(.ecdsaP256)], now: now))
        try serve(repository.rotate(.root, to: [PrivateKey.make(.rsa2048)], now: now))
        #expect(try follow().root == 3)
        for (role, algorithm) in [(TopRole.targets, KeyAlgorithm.ecdsaP384), (.snapshot, .rsa2048), (.timestamp, .ecdsaP256)] {
            try serve(repository.rotate(role, to: [PrivateKey.make(algorithm)], now: now))
            #expect(try follow("first").fetched == ["first": first])
        }
        try repository.removeTarget(named: "first")
        try serve(repository.publish(now: now))
        try serve(repository.refresh(now: now))
        #expect(try follow("first") == Arrived(root: 6, timestamp: 9, snapshot: 9, targets: 9, count: 200, fetched: ["first": nil]))
    }

    @Test("it takes roles that need two of three keys, and root rotations between such roles")
    func thresholds() throws {
        var keys = try TestKeys.all(.ed25519, count: 3)
        keys[.root]?[2] = try PrivateKey.make(.rsa2048)
        keys[.targets]?[0] = try PrivateKey.make(.ecdsaP256)
        let two: [TopRole: Int] = [.root: 2, .targets: 2, .snapshot: 2, .timestamp: 2]
        var repository = try begin(keys, thresholds: two)
        let digest = try add("a", to: &repository)
        try serve(repository.publish(now: now))
        #expect(try follow("a").fetched == ["a": digest])
        let fresh = try (keys[.root] ?? []).dropFirst() + [PrivateKey.make(.ed25519)]
        try serve(repository.rotate(.root, to: Array(fresh), now: now))
        #expect(try follow("a") == Arrived(root: 2, timestamp: 2, snapshot: 2, targets: 2, count: 1, fetched: ["a": digest]))
    }

    @Test("it refuses what a byte was changed in")
    func changed() throws {
        var repository = try begin(TestKeys.all(.ed25519))
        try serve(repository.publish(now: now))
        var bytes = try #require(repository.files["timestamp.json"])
        let version = try #require(bytes.firstRange(of: Array("\"version\":1}".utf8)))
        bytes[version.upperBound - 2] = UInt8(ascii: "2")
        try serve(["timestamp.json": bytes])
        #expect(throws: Tool.Failure.self) { try follow() }
    }
}
