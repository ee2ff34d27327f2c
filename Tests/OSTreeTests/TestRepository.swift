import Crypto
import FileTree
import Foundation
import Testing

@testable import OSTree

/// A repository in a temporary directory, made by ostree or by hand.
final class TestRepository {
    typealias Bytes = [UInt8]

    let root: String
    /// What was committed last.
    private(set) var commit = ""

    /// An empty one, as ostree makes it.
    init() throws {
        root = FileManager.default.temporaryDirectory.path + "/ostree-\(UUID())"
        try run("ostree", "--repo=\(root)", "init", "--mode=archive")
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    func url(_ path: String) -> URL { URL(filePath: root + "/" + path) }

    func bytes(_ path: String) throws -> Bytes { Array(try Data(contentsOf: url(path))) }

    func write(_ bytes: Bytes, at path: String) throws {
        try FileManager.default.createDirectory(at: url(path).deletingLastPathComponent(), withIntermediateDirectories: true)
        try? FileManager.default.removeItem(at: url(path))
        try Data(bytes).write(to: url(path))
    }

    func remove(_ path: String) throws { try FileManager.default.removeItem(at: url(path)) }

    /// Changes the bytes of a file and leaves its name.
    func alter(_ path: String, _ change: (inout Bytes) -> Void) throws {
        var bytes = try bytes(path)
        change(&bytes)
        try write(bytes, at: path)
    }

    // MARK: By ostree

    /// Commits the directory that `fill` fills.
    func commit(branch: String = "main", _ options: String..., fill: (String) throws -> Void) throws {
        let tree = root + ".tree"
        try FileManager.default.createDirectory(atPath: tree, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: tree) }
        try fill(tree)
        let line = "ostree --repo=\(root) commit -b \(branch) --owner-uid=0 --owner-gid=0 \(options.joined(separator: " ")) \(tree)"
        let output = try run("sh", "-c", line).output
        commit = output.trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(commit.utf8.count == 64)
    }

    var fsckStatus: Int32 { get throws { try run("ostree", "--repo=\(root)", "fsck", "--quiet", expecting: nil).status } }

    // MARK: By hand

    /// Stores an object under the name that its bytes have; returns the checksum.
    @discardableResult
    func add(_ bytes: Bytes, _ kind: ObjectName.Kind) throws -> Bytes {
        let digest = Array(SHA256.hash(data: bytes))
        try write(bytes, at: try Self.name(digest, kind).path)
        return digest
    }

    /// Stores a file with the header and stream given, under the name that header and content have.
    @discardableResult
    func addFile(_ content: String, mode: UInt32 = 0o100644, target: String = "", attributes: Bytes = []) throws -> Bytes {
        let hashed = GVariantWriter.fileHeader(size: nil, mode: mode, target: target, attributes: attributes)
        let digest = Array(SHA256.hash(data: hashed + Array(content.utf8)))
        var stored = GVariantWriter.fileHeader(size: UInt64(content.utf8.count), mode: mode, target: target, attributes: attributes)
        // A stored block of deflate: final, length, its complement, the bytes.
        let length = UInt16(content.utf8.count)
        if target.isEmpty {
            stored += [1, UInt8(length & 255), UInt8(length >> 8), UInt8(~length & 255), UInt8(~length >> 8)] + Array(content.utf8)
        }
        try write(stored, at: try Self.name(digest, .filez).path)
        return digest
    }

    /// Commits a root directory of these bytes; the branch is `main`.
    func commit(dirtree: Bytes, dirmeta: Bytes = GVariantWriter.dirmeta(), metadata: Bytes = []) throws {
        let tree = try add(dirtree, .dirtree)
        let meta = try add(dirmeta, .dirmeta)
        try commit(GVariantWriter.commit(metadata: metadata, tree: tree, meta: meta))
    }

    func commit(_ bytes: Bytes) throws {
        commit = try Self.name(try add(bytes, .commit), .commit).checksum.hex
        try write(Array("\(commit)\n".utf8), at: "refs/heads/main")
    }

    static func name(_ digest: Bytes, _ kind: ObjectName.Kind) throws -> ObjectName {
        ObjectName(try #require(Checksum(digest)), kind)
    }

    // MARK: Looking

    /// The paths of all objects of a kind, sorted.
    func objects(_ kind: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: url("objects").path).filter { $0.hasSuffix("." + kind) }.sorted()
            .map { "objects/" + $0 }
    }

    func repository() throws -> Repository { try Repository(try Directory(path: root)) }

    func checksum() throws -> Checksum { try #require(Checksum(hex: Array(commit.utf8))) }

    func report(workers: Int = 2) throws -> ClosureReport {
        ClosureCheck(repository: try repository(), workers: workers).run(commits: [try checksum()])
    }
}
