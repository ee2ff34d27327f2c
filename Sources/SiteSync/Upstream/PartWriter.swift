import Dispatch
import FileTree
import NIOCore
import UpdateTree

/// Writes what comes over a line behind what is here, in large pieces and on a thread that may wait for the disk.
struct PartWriter {
    private static let piece = 256 << 10

    private let target: Descriptor
    /// Bytes that are in the file.
    private(set) var offset: Int64
    private var waiting: [UInt8] = []

    init(_ target: Descriptor, offset: Int64) {
        self.target = target
        self.offset = offset
    }

    mutating func append(_ buffer: ByteBuffer) async throws {
        waiting.append(contentsOf: buffer.readableBytesView)
        if waiting.count >= Self.piece { try await flush() }
    }

    mutating func flush() async throws {
        guard !waiting.isEmpty else { return }
        let (target, offset, bytes) = (target, offset, waiting)
        waiting = []
        try await Self.onDisk { () throws(FileTreeError) in try target.write(bytes, at: offset) }
        self.offset += Int64(bytes.count)
    }

    /// Drops all that is here.
    mutating func restart() async throws {
        waiting = []
        guard offset > 0 else { return }
        try await Self.onDisk { [target] () throws(FileTreeError) in try target.truncate(to: 0) }
        offset = 0
    }

    private static func onDisk(_ body: @escaping @Sendable () throws(FileTreeError) -> Void) async throws {
        let outcome = await withCheckedContinuation { continuation in
            DispatchQueue.global(qos: .utility).async {
                continuation.resume(returning: Result { () throws(FileTreeError) in try body() })
            }
        }
        do { try outcome.get() } catch { throw UpdateTreeError(error) }
    }
}
