/// Reads a table of metadata from one place on: blocks of at most 8 KiB, each behind two bytes that tell its length.
struct MetadataReader {
    static let blockSize = 8192

    private let blocks: BlockReader
    private var next: UInt64
    private var block: [UInt8] = []
    private var offset = 0

    /// - Parameters:
    ///   - position: of a block, in the file.
    ///   - offset: of the first byte, in the expanded block.
    init(_ blocks: BlockReader, at position: UInt64, offset: Int) throws(SquashfsError) {
        self.blocks = blocks
        next = position
        try advance()
        guard offset < block.count else { throw .damaged("an entry lies behind the end of its block") }
        self.offset = offset
    }

    /// The next `count` bytes, from as many blocks as it takes.
    mutating func take(_ count: Int) throws(SquashfsError) -> [UInt8] {
        var taken: [UInt8] = []
        taken.reserveCapacity(count)
        while taken.count < count {
            if offset == block.count { try advance() }
            let part = min(count - taken.count, block.count - offset)
            taken += block[offset..<offset + part]
            offset += part
        }
        return taken
    }

    private mutating func advance() throws(SquashfsError) {
        let header = try blocks.bytes(at: next, count: 2).u16(0)
        let length = Int(header & 0x7FFF)
        guard (1...Self.blockSize).contains(length) else { throw .damaged("a block of a table says that it has \(length) bytes") }
        // The highest bit says that the block is as it is.
        block = try blocks.block(at: next + 2, length: length, isCompressed: header & 0x8000 == 0, limit: Self.blockSize)
        guard !block.isEmpty else { throw .damaged("a block of a table is empty") }
        next += UInt64(2 + length)
        offset = 0
    }
}
