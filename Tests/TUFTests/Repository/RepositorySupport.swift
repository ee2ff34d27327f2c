import FileTree
import Foundation
import TUF
import Testing

/// A directory of its own that goes away with its last owner.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("tuf-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func directory() throws -> Directory { try Directory(path: path) }
    func file(_ name: String) -> String { "\(path)/\(name)" }
    func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: file(name)))) }
    func write(_ name: String, _ bytes: [UInt8]) throws { try Data(bytes).write(to: URL(fileURLWithPath: file(name))) }
    func names(_ folder: String = "") -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: "\(path)/\(folder)")) ?? []).sorted()
    }
}

/// Programs that are peers of this code.
enum Tool {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Runs a program found in PATH and returns what it printed; throws with its complaints when it fails.
    @discardableResult
    static func run(_ arguments: String...) throws -> [UInt8] { try run(arguments) }

    @discardableResult
    static func run(_ arguments: [String]) throws -> [UInt8] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        let output = Pipe()
        let log = FileManager.default.temporaryDirectory.appendingPathComponent("log-\(UUID().uuidString)")
        try Data().write(to: log)
        defer { try? FileManager.default.removeItem(at: log) }
        process.standardOutput = output
        process.standardError = try FileHandle(forWritingTo: log)
        try process.run()
        let printed = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            let complaints = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
            throw Failure(description: "\(arguments.joined(separator: " ")): \(complaints)")
        }
        return Array(printed)
    }
}

extension MetadataTime {
    /// 2026-01-01.
    static let start = MetadataTime(seconds: 1_767_225_600)
}

extension TUFError.Code {
    /// The code with which `body` is refused; nil when it is not.
    static func of(_ body: () throws -> Void) -> TUFError.Code? {
        do {
            try body()
            return nil
        } catch {
            return (error as? TUFError)?.code
        }
    }
}

/// A channel in a folder of its own, with Ed25519 keys under a key file.
struct TestChannel {
    let folder: TemporaryFolder
    let secret: KeySecret
    let repository: ChannelRepository

    init(root: RootKeyPlace = .here, lifetimes: Lifetimes = .usual, create: Bool = true) throws {
        folder = try TemporaryFolder()
        secret = try KeySecret.makeFile(in: folder.directory())
        let directory = try folder.directory().makeDirectory("ci", mode: 0o700)
        repository = ChannelRepository(directory: directory, secret: secret)
        if create { try ChannelRepository.create(in: directory, secret: secret, lifetimes: lifetimes, root: root, now: .start) }
    }

    func image(_ version: String = "42", tag: String = "main") throws -> ImageDescription {
        try ImageDescription(
            name: "intel-corei7-64-lmp", commit: String(repeating: "0a", count: 32), hardwareID: "intel-corei7-64", tags: [tag],
            version: version, apps: ["shellhttpd": "registry.example.com/factory/shellhttpd@sha256:" + String(repeating: "1b", count: 32)],
            createdAt: .start)
    }

    func sign(_ version: String = "42", tag: String = "main", now: MetadataTime = .start) throws -> SignedUpdate {
        try repository.signUpdate(images: [image(version, tag: tag)], tag: tag, channel: "ci", bundle: true, now: now)
    }

    func keys(of role: TopRole) throws -> RoleKeys { try repository.trust.newest().metadata.keys(of: role) }
}

extension [String: [UInt8]] {
    /// Looks at an update as a device does: root chain, then every role against the newest root.
    func verifyAsDevice() throws {
        let versions = keys.compactMap { $0.hasSuffix(".root.json") ? Int64($0.dropLast(10)) : nil }.sorted()
        var root: RootMetadata?
        for version in versions {
            let envelope = try Envelope(parsing: self["\(version).root.json"] ?? [], as: .root)
            let next = try RootMetadata(envelope)
            try envelope.verify(by: next.keys(of: .root))
            if let root {
                try envelope.verify(by: root.keys(of: .root))
                #expect(next.version == root.version + 1)
            }
            root = next
        }
        let newest = try #require(root)
        let timestamp = try read(.timestamp, newest, TimestampMetadata.init)
        let snapshot = try read(.snapshot, newest, SnapshotMetadata.init)
        let targets = try read(.targets, newest, TargetsMetadata.init)
        #expect(timestamp.snapshot.version == snapshot.version)
        #expect(timestamp.snapshot.length == self["snapshot.json"].map { Int64($0.count) })
        #expect(timestamp.snapshot.hashes?.match(self["snapshot.json"] ?? []) == true)
        #expect(snapshot.files["targets.json"]?.version == targets.version)
        #expect(snapshot.files["targets.json"]?.hashes?.match(self["targets.json"] ?? []) == true)
    }

    private func read<Role>(_ role: TopRole, _ root: RootMetadata, _ make: (Envelope) throws -> Role) throws -> Role {
        let envelope = try Envelope(parsing: self[role.fileName] ?? [], as: role)
        try envelope.verify(by: root.keys(of: role))
        return try make(envelope)
    }
}
