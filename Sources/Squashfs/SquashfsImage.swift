import FileTree

/// A squashfs 4.0 image, out of which small files are read. Every byte of it may be hostile.
///
/// ```swift
/// let yaml = try SquashfsImage(file).contents(of: "meta/snap.yaml")
/// ```
/// Source: the layout that `Documentation/filesystems/squashfs.rst` of Linux describes. Extended attributes, ids and the
/// export table are not looked at.
public struct SquashfsImage: Sendable {
    /// Bytes of a file that is read.
    public static let largestFile = FileInode.largest
    /// Bytes of a directory's list.
    static let largestDirectory = 4 << 20

    private let file: Descriptor
    private let superblock: Superblock

    /// Reads the superblock.
    public init(_ file: Descriptor) throws(SquashfsError) {
        self.file = file
        let size: Int64
        do throws(FileTreeError) { size = try file.status().size } catch {
            throw SquashfsError(.readFailed, "the image cannot be read: \(error.message)")
        }
        superblock = try Superblock(BlockReader.read(file, at: 0, count: Superblock.length), size: size)
    }

    private var blocks: BlockReader { BlockReader(file: file, compression: superblock.compression, end: superblock.end) }

    /// The content of a plain file of at most ``largestFile`` bytes.
    ///
    /// - Parameter path: names between slashes, from the root; no link is followed.
    public func contents(of path: String) throws(SquashfsError) -> [UInt8] {
        var inode = try Inode(superblock, blocks, at: superblock.root)
        for name in path.split(separator: "/") {
            guard case .directory(let directory) = inode, let place = try entry(Array(name.utf8), of: directory) else {
                throw Self.missing(path)
            }
            inode = try Inode(superblock, blocks, at: place)
        }
        guard case .file(let found) = inode else { throw Self.missing(path) }
        return try contents(of: found)
    }

    private static func missing(_ path: String) -> SquashfsError {
        SquashfsError(.fileMissing, "the image holds no file \(path); name a snap that was packed as one")
    }

    /// Where the inode of an entry lies; nil when the directory has no such name.
    private func entry(_ name: [UInt8], of directory: DirectoryInode) throws(SquashfsError) -> InodePlace? {
        // The size counts three bytes more than the list has.
        guard directory.size > 3 else { return nil }
        var left = Int(directory.size) - 3
        guard left <= Self.largestDirectory else { throw .damaged("a directory is longer than \(Self.largestDirectory) bytes") }
        let position = superblock.directoryTable + UInt64(directory.block)
        var reader = try MetadataReader(blocks, at: position, offset: Int(directory.offset))
        while left > 0 {
            let header = try reader.take(12)
            let count = header.u32(0)
            guard count < 256 else { throw .damaged("a part of a directory has \(count) names") }
            left -= 12
            for _ in 0...count {
                let fixed = try reader.take(8)
                let found = try reader.take(Int(fixed.u16(6)) + 1)
                left -= 8 + found.count
                guard left >= 0 else { throw .damaged("a directory is longer than it says") }
                if found == name { return InodePlace(block: UInt64(header.u32(4)), offset: Int(fixed.u16(0))) }
            }
        }
        return nil
    }

    private func contents(of found: FileInode) throws(SquashfsError) -> [UInt8] {
        var contents: [UInt8] = []
        contents.reserveCapacity(found.size)
        var position = found.start
        for length in found.blocks {
            let expected = min(superblock.blockSize, found.size - contents.count)
            let block = try data(at: position, length, holding: expected)
            guard block.count >= expected else { throw .damaged("a block of a file is too short") }
            contents += block.prefix(expected)
            position += UInt64(length & 0xFF_FFFF)
        }
        guard let fragment = found.fragment, contents.count < found.size else { return contents }
        let block = try self.fragment(fragment.index)
        let rest = found.size - contents.count
        guard fragment.offset <= block.count, rest <= block.count - fragment.offset else {
            throw .damaged("the end of a file lies behind the end of its fragment")
        }
        return contents + block[fragment.offset..<fragment.offset + rest]
    }

    /// - Parameter count: bytes of a block that is all zeros and so not stored.
    private func data(at position: UInt64, _ length: UInt32, holding count: Int) throws(SquashfsError) -> [UInt8] {
        let stored = Int(length & 0xFF_FFFF)
        guard stored > 0 else { return [UInt8](repeating: 0, count: count) }
        return try blocks.block(at: position, length: stored, isCompressed: length & 0x100_0000 == 0, limit: superblock.blockSize)
    }

    /// The block that holds the ends of several files.
    private func fragment(_ index: UInt32) throws(SquashfsError) -> [UInt8] {
        guard index < superblock.fragments else { throw .damaged("there is no fragment \(index)") }
        let (place, overflow) = superblock.fragmentTable.addingReportingOverflow(UInt64(index) / 512 * 8)
        guard !overflow else { throw .damaged("a table or a block lies outside") }
        let position = try blocks.bytes(at: place, count: 8).u64(0)
        var reader = try MetadataReader(blocks, at: position, offset: Int(index % 512) * 16)
        let entry = try reader.take(16)
        return try data(at: entry.u64(0), entry.u32(8), holding: superblock.blockSize)
    }
}
