import CZlib
import FileTree

/// Inflates raw deflate streams, one after the other, with the same buffers and the same state of zlib.
///
/// Belongs to one thread.
final class Inflater {
    private static let pieceSize = 128 << 10

    // zlib keeps the address of the stream, so it must not move.
    private let stream: UnsafeMutablePointer<z_stream>
    private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: pieceSize, alignment: 16)
    private let output = UnsafeMutableRawBufferPointer.allocate(byteCount: pieceSize, alignment: 16)
    // What is read of the file that is being inflated.
    private var fileSize: Int64 = 0
    private var offset: Int64 = 0

    init() throws(OSTreeError) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 15: the largest window. Negative: no zlib header.
        guard czlib_inflate_init(stream, -15) == Z_OK else { throw OSTreeError(.objectUnreadable, "zlib has no memory") }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        input.deallocate()
        output.deallocate()
    }

    /// Begins with `file` and returns its first bytes, at most one piece. They stay in the buffer, so that a small file
    /// is read once.
    func open(_ file: Descriptor, size: Int64) throws(OSTreeError) -> UnsafeRawBufferPointer {
        fileSize = size
        offset = 0
        return UnsafeRawBufferPointer(rebasing: input[..<(try readPiece(file))])
    }

    /// Inflates what stands in the opened `file` from `start` to its end and hands every piece to `take`.
    ///
    /// Stops as soon as more than `size` bytes came out: what claims to be small cannot fill the memory or the day.
    func inflate(
        _ file: Descriptor, from start: Int, size: UInt64, isCancelled: () -> Bool,
        take: (UnsafeRawBufferPointer) throws(OSTreeError) -> Void
    ) throws(OSTreeError) {
        guard inflateReset(stream) == Z_OK else { throw OSTreeError(.objectUnreadable, "zlib cannot begin") }
        let inBuffer = min(start, Int(offset))
        feed(input[inBuffer..<Int(offset)])
        offset = max(offset, Int64(start))
        var inflated: UInt64 = 0
        var result = Z_OK
        while result != Z_STREAM_END {
            if stream.pointee.avail_in == 0 {
                guard !isCancelled() else { throw OSTreeError(.cancelled, "the check was stopped") }
                let count = try readPiece(file)
                guard count > 0 else { throw OSTreeError(.contentTruncated, "its compressed content is cut off") }
                feed(input[..<count])
            }
            stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_out = UInt32(output.count)
            result = CZlib.inflate(stream, Z_NO_FLUSH)
            // Z_BUF_ERROR: no progress with these buffers; the next round brings more input.
            guard result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR else {
                throw OSTreeError(.contentCorrupt, "its content does not inflate")
            }
            let count = output.count - Int(stream.pointee.avail_out)
            inflated += UInt64(count)
            guard inflated <= size else {
                throw OSTreeError(.sizeMismatch, "its content is longer than the \(size) bytes that its header says")
            }
            if count > 0 { try take(UnsafeRawBufferPointer(rebasing: output[..<count])) }
        }
        guard inflated == size else {
            throw OSTreeError(.sizeMismatch, "its content has \(inflated) bytes, but its header says \(size)")
        }
        guard stream.pointee.avail_in == 0, offset == fileSize else {
            throw OSTreeError(.trailingBytes, "there are bytes behind its compressed content")
        }
    }

    private func feed(_ bytes: Slice<UnsafeMutableRawBufferPointer>) {
        stream.pointee.next_in = UnsafeMutableRawBufferPointer(rebasing: bytes).baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_in = UInt32(bytes.count)
    }

    private func readPiece(_ file: Descriptor) throws(OSTreeError) -> Int {
        let wanted = min(Int64(input.count), fileSize - offset)
        guard wanted > 0 else { return 0 }
        let count: Int
        do {
            count = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: input[..<Int(wanted)]), at: offset)
        } catch {
            throw OSTreeError(.objectUnreadable, error.message)
        }
        offset += Int64(count)
        return count
    }
}
