import CFileTree
import Glibc

/// An open file descriptor that closes itself when its last owner lets go.
///
/// Every operation takes its position as a parameter, so one descriptor may serve many readers at once.
public final class Descriptor: Sendable {
    public let number: Int32
    private let holdsLock: Bool

    /// Takes ownership of `number`.
    public convenience init(owning number: Int32) { self.init(owning: number, holdingLock: false) }

    /// - Parameter holdingLock: lets the lock go before it closes. A child that is being started has a copy of every
    ///   descriptor for a moment, and a lock that is only closed would live as long as the copy.
    init(owning number: Int32, holdingLock: Bool) {
        self.number = number
        holdsLock = holdingLock
    }

    deinit {
        if holdsLock { flock(number, LOCK_UN) }
        close(number)
    }

    /// What the file system says about the open file.
    public func status() throws(FileTreeError) -> FileStatus {
        var raw = stat()
        guard fstat(number, &raw) == 0 else { throw FileTreeError(errno: errno, doing: "inspect", at: "an open file") }
        return FileStatus(raw)
    }

    /// Fills `buffer` from `offset` and returns the count of bytes read, short only at the end of the file.
    public func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws(FileTreeError) -> Int {
        var done = 0
        while done < buffer.count {
            let count = pread(number, buffer.baseAddress! + done, buffer.count - done, off_t(offset) + off_t(done))
            if count == 0 { break }
            if count < 0 {
                if errno == EINTR { continue }
                throw FileTreeError(errno: errno, doing: "read", at: "an open file")
            }
            done += count
        }
        return done
    }

    /// Like `read`, but never waits for a disk: nil when not all of it is in the page cache.
    public func readCached(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) -> Int? {
        let count = filetree_read_cached(number, buffer.baseAddress, buffer.count, off_t(offset))
        return count == buffer.count ? count : nil
    }

    /// The whole content, refused when it is longer than `limit` bytes.
    public func contents(limit: Int) throws(FileTreeError) -> [UInt8] {
        let size = try status().size
        guard size <= limit else { throw FileTreeError(.tooLarge, "a file has \(size) bytes, more than \(limit)") }
        return try read(count: Int(size), at: 0)
    }

    /// At most `count` bytes from `offset`, fewer only at the end of the file.
    public func read(count: Int, at offset: Int64) throws(FileTreeError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        // The standard library's closures rethrow untyped: the error travels in a result.
        let outcome = bytes.withUnsafeMutableBytes { buffer in
            Result { () throws(FileTreeError) in try self.read(into: buffer, at: offset) }
        }
        let length = try outcome.get()
        if length < count { bytes.removeLast(count - length) }
        return bytes
    }

    /// Writes all of `bytes` at `offset`.
    public func write(_ bytes: [UInt8], at offset: Int64) throws(FileTreeError) {
        let outcome = bytes.withUnsafeBytes { buffer in
            Result { () throws(FileTreeError) in try write(buffer, at: offset) }
        }
        try outcome.get()
    }

    /// Writes all of `bytes` at `offset`.
    public func write(_ bytes: UnsafeRawBufferPointer, at offset: Int64) throws(FileTreeError) {
        var done = 0
        while done < bytes.count {
            let count = pwrite(number, bytes.baseAddress! + done, bytes.count - done, off_t(offset) + off_t(done))
            if count < 0 {
                if errno == EINTR { continue }
                throw FileTreeError(errno: errno, doing: "write", at: "an open file")
            }
            done += count
        }
    }

    /// Lets whoever reads without a position begin at the first byte.
    public func rewind() throws(FileTreeError) {
        guard lseek(number, 0, SEEK_SET) == 0 else { throw FileTreeError(errno: errno, doing: "rewind", at: "an open file") }
    }

    /// Returns when content and length are on the disk.
    public func sync() throws(FileTreeError) {
        guard fdatasync(number) == 0 else { throw FileTreeError(errno: errno, doing: "sync", at: "an open file") }
    }

    public func truncate(to length: Int64) throws(FileTreeError) {
        guard ftruncate(number, off_t(length)) == 0 else {
            throw FileTreeError(errno: errno, doing: "shorten", at: "an open file")
        }
    }
}
