/// What one inode says, as far as files and directories are concerned.
enum Inode {
    case directory(DirectoryInode)
    case file(FileInode)
    /// A link, a device, a pipe or a socket.
    case other

    init(_ image: Superblock, _ blocks: BlockReader, at place: InodePlace) throws(SquashfsError) {
        let (position, overflow) = image.inodeTable.addingReportingOverflow(place.block)
        guard !overflow, position < image.directoryTable else { throw .damaged("an inode lies outside of its table") }
        var reader = try MetadataReader(blocks, at: position, offset: place.offset)
        switch try reader.take(16).u16(0) {
        case 1:
            let rest = try reader.take(16)
            self = .directory(DirectoryInode(block: rest.u32(0), offset: rest.u16(10), size: UInt32(rest.u16(8))))
        case 8:
            let rest = try reader.take(24)
            self = .directory(DirectoryInode(block: rest.u32(8), offset: rest.u16(18), size: rest.u32(4)))
        case 2:
            let rest = try reader.take(16)
            self = .file(
                try FileInode(
                    start: UInt64(rest.u32(0)), size: UInt64(rest.u32(12)), fragment: rest.u32(4), fragmentOffset: rest.u32(8),
                    blockSize: image.blockSize, &reader))
        case 9:
            let rest = try reader.take(40)
            self = .file(
                try FileInode(
                    start: rest.u64(0), size: rest.u64(8), fragment: rest.u32(28), fragmentOffset: rest.u32(32),
                    blockSize: image.blockSize, &reader))
        default: self = .other
        }
    }
}

struct DirectoryInode {
    /// Bytes from the start of the directory table to the block where its list begins, and the byte in that block.
    let block: UInt32
    let offset: UInt16
    /// Of its list and three more.
    let size: UInt32
}

struct FileInode {
    let start: UInt64
    let size: Int
    /// On the disk, one for each whole block; bit 24 says that the block is as it is, 0 that it is all zeros.
    let blocks: [UInt32]
    /// The fragment that holds the end of the file, and the byte in it; nil when its blocks hold all of it.
    let fragment: (index: UInt32, offset: Int)?

    /// What is read here is text of a snap; larger files are not asked for.
    static let largest = 1 << 20

    init(
        start: UInt64, size: UInt64, fragment: UInt32, fragmentOffset: UInt32, blockSize: Int, _ reader: inout MetadataReader
    ) throws(SquashfsError) {
        guard size <= UInt64(Self.largest) else {
            throw SquashfsError(
                .fileTooLarge, "the file has \(size) bytes, more than \(Self.largest); make the snap anew with a shorter one")
        }
        self.start = start
        self.size = Int(size)
        let hasFragment = fragment != .max
        let count = (self.size + (hasFragment ? 0 : blockSize - 1)) / blockSize
        let lengths = count == 0 ? [] : try reader.take(4 * count)
        blocks = (0..<count).map { lengths.u32(4 * $0) }
        self.fragment = hasFragment ? (fragment, Int(fragmentOffset)) : nil
    }
}
