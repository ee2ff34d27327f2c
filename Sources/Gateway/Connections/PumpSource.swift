import FileTree
import NIOCore

/// Where a pump takes its bytes from.
enum PumpSource: Sendable {
    case file(Descriptor)
    case memory(HeldText)

    /// Bytes that can be had without waiting for a disk; nil when they cannot.
    func piece(count: Int, at position: Int64, allocator: ByteBufferAllocator) -> ByteBuffer? {
        switch self {
        case .file(let file):
            var buffer = allocator.buffer(capacity: count)
            let cached = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { space in
                file.readCached(into: UnsafeMutableRawBufferPointer(rebasing: space[..<count]), at: position) ?? 0
            }
            return cached == count ? buffer : nil
        case .memory(let text): return text.bytes.getSlice(at: Int(position), length: count)
        }
    }

    /// The same, however long the disk takes. Fewer bytes only at the end.
    func read(count: Int, at position: Int64) throws(FileTreeError) -> ByteBuffer {
        switch self {
        case .file(let file): ByteBuffer(bytes: try file.read(count: count, at: position))
        case .memory(let text): text.bytes.getSlice(at: Int(position), length: count) ?? ByteBuffer()
        }
    }
}
