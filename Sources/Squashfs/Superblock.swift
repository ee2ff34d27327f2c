/// The first 96 bytes of an image: how it is compressed and where its tables begin.
struct Superblock {
    static let length = 96
    private static let magic: UInt32 = 0x7371_7368

    let compression: Compression
    /// Of file data before compression; a power of two, 4 KiB to 1 MiB.
    let blockSize: Int
    let fragments: UInt32
    /// Where the root's inode lies: its block in the inode table, and the byte in that block.
    let root: InodePlace
    /// Bytes of the image that count.
    let end: UInt64
    let inodeTable: UInt64
    let directoryTable: UInt64
    let fragmentTable: UInt64

    /// - Parameter size: bytes of the file.
    init(_ bytes: [UInt8], size: Int64) throws(SquashfsError) {
        guard bytes.count == Self.length, bytes.u32(0) == Self.magic else { throw Self.invalid("it does not begin as one") }
        guard bytes.u16(28) == 4, bytes.u16(30) == 0 else {
            throw Self.invalid("it has version \(bytes.u16(28)).\(bytes.u16(30)), not 4.0")
        }
        compression = try Compression(of: bytes.u16(20))
        let log = bytes.u16(22)
        guard (12...20).contains(log), bytes.u32(12) == 1 << UInt32(log) else {
            throw Self.invalid("its blocks are no power of two from 4 KiB to 1 MiB")
        }
        blockSize = 1 << Int(log)
        fragments = bytes.u32(16)
        root = InodePlace(bytes.u64(32))
        end = bytes.u64(40)
        inodeTable = bytes.u64(64)
        directoryTable = bytes.u64(72)
        fragmentTable = bytes.u64(80)
        guard end >= UInt64(Self.length), end <= UInt64(max(size, 0)) else {
            throw Self.invalid("it says that it has \(end) bytes, and the file has \(size)")
        }
        guard inodeTable >= UInt64(Self.length), inodeTable < directoryTable, directoryTable < end else {
            throw Self.invalid("its tables lie outside")
        }
    }

    private static func invalid(_ what: String) -> SquashfsError {
        SquashfsError(.imageInvalid, "this is no squashfs image: \(what); name a .snap file")
    }
}

/// Where an inode lies in its table.
struct InodePlace {
    /// Bytes from the start of the table to the block that holds it.
    let block: UInt64
    /// In the expanded block.
    let offset: Int

    init(_ reference: UInt64) { self.init(block: reference >> 16, offset: Int(reference & 0xFFFF)) }

    init(block: UInt64, offset: Int) {
        self.block = block
        self.offset = offset
    }
}
