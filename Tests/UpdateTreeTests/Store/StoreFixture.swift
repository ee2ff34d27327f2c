import FileTree
import Foundation
import OSTree
import TUF

@testable import UpdateTree

/// A data directory of one test that trusts the sample's roots, and what a test does to it.
final class StoreFixture {
    let path: String
    let library: UpdateLibrary
    /// Within the life of the sample's metadata.
    static let now = MetadataTime(seconds: 1_800_000_000)

    init(trustsSample: Bool = true) throws {
        path = Self.parent + "/otaserve-store-" + UUID().uuidString
        library = try UpdateLibrary.open(dataDirectory: try Directory.make(path: path))
        for channel in Channel.allCases where trustsSample {
            func root(_ version: Int) throws -> [UInt8] {
                try Array(Data(contentsOf: URL(fileURLWithPath: "\(Self.sample)/trust/\(channel)/\(version).root.json")))
            }
            try library.trust(of: channel).trust(first: root(1))
            try library.trust(of: channel).adopt([root(2)])
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// In memory where there is some: hundreds of syncs on a real disk take minutes.
    private static let parent = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : NSTemporaryDirectory()

    static let sample = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("data-sample").path

    static func key(_ path: String) throws(UpdateTreeError) -> UpdateKey {
        let parts = path.split(separator: "/")
        return UpdateKey(channel: try Channel(String(parts[0])), tag: try Tag(parts[1]), name: try UpdateName(parts[2]))
    }

    // MARK: Updates

    func ingest(settings: VerificationSettings = VerificationSettings(workers: 2)) -> UpdateIngest {
        UpdateIngest(library: library, settings: settings)
    }

    @discardableResult
    func importSample(_ sample: String, as name: String? = nil) throws -> UpdateReport {
        try ingest().run(.directory(path: "\(Self.sample)/updates/\(sample)"), as: Self.key(name ?? sample), now: Self.now)
    }

    /// Puts a copy of a sample into the tree by hand: it shares nothing with the store.
    func copyByHand(_ sample: String, as name: String) throws {
        let target = "\(path)/updates/\(name)"
        try FileManager.default.createDirectory(atPath: (target as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: "\(Self.sample)/updates/\(sample)", toPath: target)
    }

    func isAccepted(_ key: String) throws -> Bool { try library.verdicts.verdict(on: Self.key(key))?.isAccepted == true }

    /// Whether an update in the tree has exactly the files of a sample.
    func isWhole(_ key: String, as sample: String) throws -> Bool {
        try Self.contents("\(path)/updates/\(key)") == Self.contents("\(Self.sample)/updates/\(sample)")
    }

    static func contents(_ directory: String) throws -> [String: Data] {
        var contents: [String: Data] = [:]
        for case let name as String in FileManager.default.enumerator(atPath: directory) ?? FileManager.DirectoryEnumerator() {
            if let data = FileManager.default.contents(atPath: "\(directory)/\(name)") { contents[name] = data }
        }
        return contents
    }

    // MARK: The store

    func verify() throws -> StoreReport { try StoreVerification(library: library, workers: 2).run() }

    func repair(_ sources: [any ContentSource] = []) throws -> [StoreMend] {
        try StoreRepair(library: library, sources: sources).repair(verify(), now: Self.now)
    }

    func inStore(_ content: SharedContent) -> String { "\(path)/store/\(content.pathInStore)" }

    func inUpdate(_ key: String, _ content: SharedContent) -> String { "\(path)/updates/\(key)/\(content.path)" }

    /// All that lies in the store, sorted.
    func stored() throws -> [SharedContent] {
        let listing = try StoreListing(library.store)
        return try listing.folders.flatMap { try listing.items(in: $0).compactMap(\.content) }
    }

    /// The first content of that kind which all of `updates` hold.
    func content(_ kind: ContentKind, heldBy updates: String...) throws -> SharedContent {
        let found = try stored().first { content in
            kind.includes(content) && updates.allSatisfy { FileManager.default.fileExists(atPath: inUpdate($0, content)) }
        }
        guard let found else { throw FileTreeError(.notFound, "the sample has no such \(kind)") }
        return found
    }

    func inode(_ path: String) throws -> UInt64 { try requireStatus(path).inode }

    func links(_ path: String) throws -> UInt64 { try requireStatus(path).links }

    private func requireStatus(_ path: String) throws -> FileStatus {
        let folder = try Directory(path: (path as NSString).deletingLastPathComponent)
        guard let status = folder.entry((path as NSString).lastPathComponent) else { throw FileTreeError(.notFound, path) }
        return status
    }
}

/// One of each thing that is shared.
enum ContentKind: String, CaseIterable {
    case commit, dirtree, dirmeta, filez, blob

    func includes(_ content: SharedContent) -> Bool {
        switch content {
        case .object(let name): name.kind.suffix == rawValue
        case .blob: self == .blob
        }
    }
}

/// Spoils a file where it lies: every update that holds it is spoilt.
enum Damage {
    static func flip(_ path: String, at offset: Int, mask: UInt8 = 1) throws {
        try write(path) { bytes in bytes[offset < 0 ? bytes.count + offset : offset] ^= mask }
    }

    static func write(_ path: String, _ change: (inout [UInt8]) throws -> Void) throws {
        chmod(path, 0o644)
        defer { chmod(path, 0o444) }
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        var bytes = try Array(file.readToEnd() ?? Data())
        try change(&bytes)
        try file.seek(toOffset: 0)
        try file.write(contentsOf: bytes)
        try file.truncate(atOffset: UInt64(bytes.count))
        try file.close()
    }

    static func size(_ path: String) throws -> Int { try Data(contentsOf: URL(fileURLWithPath: path)).count }
}
