import CLzma
import CZlib
import CZstd

/// Expands one block, which is compressed on its own and must fit into what is expected.
extension Compression {
    /// Memory for one block of xz, whose dictionary is no larger than a block: 1 MiB at most.
    private static let mostMemory: UInt64 = 64 << 20

    /// - Throws: ``SquashfsError/Code/imageDamaged`` when the block does not expand or becomes longer than `limit` bytes.
    func expand(_ block: [UInt8], limit: Int) throws(SquashfsError) -> [UInt8] {
        var expanded = [UInt8](repeating: 0, count: limit)
        let count = block.withUnsafeBufferPointer { from in
            expanded.withUnsafeMutableBufferPointer { to in
                switch self {
                case .gzip: Self.inflate(from, to)
                case .xz: Self.decodeXZ(from, to)
                case .zstd: Self.decompressZstd(from, to)
                }
            }
        }
        guard let count else { throw .damaged("a block does not expand to at most \(limit) bytes") }
        expanded.removeLast(limit - count)
        return expanded
    }

    private static func inflate(_ from: UnsafeBufferPointer<UInt8>, _ to: UnsafeMutableBufferPointer<UInt8>) -> Int? {
        var length = uLongf(to.count)
        guard uncompress(to.baseAddress, &length, from.baseAddress, uLong(from.count)) == Z_OK else { return nil }
        return Int(length)
    }

    private static func decodeXZ(_ from: UnsafeBufferPointer<UInt8>, _ to: UnsafeMutableBufferPointer<UInt8>) -> Int? {
        var memory = mostMemory
        var read = 0
        var written = 0
        let result = lzma_stream_buffer_decode(
            &memory, 0, nil, from.baseAddress, &read, from.count, to.baseAddress, &written, to.count)
        return result == LZMA_OK ? written : nil
    }

    private static func decompressZstd(_ from: UnsafeBufferPointer<UInt8>, _ to: UnsafeMutableBufferPointer<UInt8>) -> Int? {
        let result = ZSTD_decompress(to.baseAddress, to.count, from.baseAddress, from.count)
        return ZSTD_isError(result) == 0 ? result : nil
    }
}
