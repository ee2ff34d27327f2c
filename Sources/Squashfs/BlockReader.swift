import FileTree

/// Reads bytes and blocks of an image; nothing outside it, and nothing longer than it may be.
struct BlockReader {
    let file: Descriptor
    let compression: Compression
    /// Bytes of the image that count.
    let end: UInt64

    func bytes(at position: UInt64, count: Int) throws(SquashfsError) -> [UInt8] {
        guard position <= end, UInt64(count) <= end - position else { throw .damaged("a table or a block lies outside") }
        let bytes = try Self.read(file, at: Int64(position), count: count)
        guard bytes.count == count else { throw .damaged("it ends too early") }
        return bytes
    }

    /// - Parameter limit: bytes of the expanded block.
    func block(at position: UInt64, length: Int, isCompressed: Bool, limit: Int) throws(SquashfsError) -> [UInt8] {
        guard length <= limit else { throw .damaged("a block is longer than \(limit) bytes") }
        let bytes = try bytes(at: position, count: length)
        return isCompressed ? try compression.expand(bytes, limit: limit) : bytes
    }

    static func read(_ file: Descriptor, at position: Int64, count: Int) throws(SquashfsError) -> [UInt8] {
        do throws(FileTreeError) {
            return try file.read(count: count, at: position)
        } catch {
            throw SquashfsError(.readFailed, "the image cannot be read: \(error.message)")
        }
    }
}
