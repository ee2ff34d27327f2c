import CFileTree
import Glibc

extension Descriptor {
    /// Copies the whole content of `source` into this empty file: shared blocks where the file system can, else inside
    /// the kernel. Returns the bytes copied; throws when the source became shorter meanwhile.
    @discardableResult
    public func copyContents(of source: Descriptor) throws(FileTreeError) -> Int64 {
        let size = try source.status().size
        if filetree_clone(source.number, number) == 0 { return size }
        var done: Int64 = 0
        while done < size {
            let count = filetree_copy_range(source.number, number, off_t(done), Int(min(size - done, 1 << 30)))
            switch Int32(-count) {
            case EINTR: continue
            // Two file systems of different kinds.
            case EXDEV, EINVAL, ENOSYS, EOPNOTSUPP: return try copyThroughMemory(source, from: done, size: size)
            case let number where number > 0: throw FileTreeError(errno: number, doing: "copy", at: "an open file")
            default: break
            }
            guard count > 0 else { throw Self.shortened }
            done += Int64(count)
        }
        return size
    }

    private static var shortened: FileTreeError {
        FileTreeError(.failed, "a file became shorter while it was copied; import again when nobody writes")
    }

    private func copyThroughMemory(_ source: Descriptor, from start: Int64, size: Int64) throws(FileTreeError) -> Int64 {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Int(min(max(size - start, 1), 1 << 20)), alignment: 16)
        defer { buffer.deallocate() }
        var offset = start
        while offset < size {
            let count = try source.read(into: buffer, at: offset)
            guard count > 0 else { throw Self.shortened }
            try write(UnsafeRawBufferPointer(rebasing: buffer[..<count]), at: offset)
            offset += Int64(count)
        }
        return size
    }
}
