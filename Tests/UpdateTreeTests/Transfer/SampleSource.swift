import FileTree
import Foundation
import Synchronization

@testable import UpdateTree

/// A sample update as another server would hand it over, with the ways in which one may misbehave.
final class SampleSource: TransferSource {
    struct Cut: Error {}

    let key: UpdateKey
    let inventory: Inventory
    private let files: [String: [UInt8]]
    /// As many bytes come at a call, then the line is cut; nil never cuts.
    private let bytesPerCall: Int?
    /// What it sends for a file.
    private let send: @Sendable (String, [UInt8]) throws -> [UInt8]
    /// Bytes that were asked for of each path, each with the offset it began at.
    private let asked = Mutex<[(path: String, offset: Int64)]>([])
    private let sentBytes = Atomic<Int64>(0)

    init(
        _ sample: String, from folder: String? = nil, bytesPerCall: Int? = nil,
        send: @escaping @Sendable (String, [UInt8]) throws -> [UInt8] = { _, bytes in bytes }
    ) throws {
        key = try StoreFixture.key(sample)
        // A server that imported it tells the inventory.
        let upstream = try StoreFixture()
        if let folder {
            _ = try upstream.ingest().run(.directory(path: folder), as: key, now: StoreFixture.now)
        } else {
            try upstream.importSample(sample)
        }
        inventory = try upstream.library.verdicts.inventory(of: key)
        files = try StoreFixture.contents("\(upstream.path)/updates/\(sample)").mapValues(Array.init)
        self.bytesPerCall = bytesPerCall
        self.send = send
    }

    var sent: Int64 { sentBytes.load(ordering: .relaxed) }
    var calls: [(path: String, offset: Int64)] { asked.withLock { $0 } }

    /// All bytes but those of `tuf/`.
    var contentBytes: Int64 { inventory.files.filter { !$0.path.hasPrefix("tuf/") }.reduce(0) { $0 + $1.size } }

    func small(_ path: String, limit: Int) async throws -> [UInt8] { try send(path, files[path] ?? []) }

    func fetch(_ file: Inventory.File, from offset: Int64, into target: Descriptor) async throws {
        asked.withLock { $0.append((file.path, offset)) }
        let rest = try send(file.path, files[file.path] ?? []).dropFirst(Int(offset))
        let piece = Array(rest.prefix(bytesPerCall ?? rest.count))
        try target.write(piece, at: offset)
        sentBytes.add(Int64(piece.count), ordering: .relaxed)
        if piece.count < rest.count { throw Cut() }
    }
}
