import Crypto
import FileTree
import Snaps

extension SnapDigest {
    private static let piece = 1 << 20

    /// The digest of a file, read in pieces.
    static func of(_ file: Descriptor) throws(FileTreeError) -> SnapDigest {
        var hash = SHA3_384()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: piece, alignment: 16)
        defer { buffer.deallocate() }
        var offset: Int64 = 0
        while true {
            let count = try file.read(into: buffer, at: offset)
            hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            offset += Int64(count)
            if count < piece { break }
        }
        return SnapDigest(hash.finalize())
    }
}
