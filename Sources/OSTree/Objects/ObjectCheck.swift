import Crypto
import FileTree

/// Compares objects with their names, in constant memory: the buffers serve one object after the other, and only
/// metadata is ever held as a whole.
///
/// Belongs to one thread; each worker has its own.
///
///     let check = try ObjectCheck()
///     try check.check(name, file)
public final class ObjectCheck {
    /// ostree reads no larger metadata.
    public static let largestMetadata = 128 << 20

    private let inflater: Inflater

    public init() throws(OSTreeError) { inflater = try Inflater() }

    /// Throws unless `file` is exactly what `name` says, and what ostree can read. Returns the count of bytes read.
    @discardableResult
    public func check(
        _ name: ObjectName, _ file: Descriptor, isCancelled: () -> Bool = { false }
    ) throws(OSTreeError) -> Int64 {
        switch name.kind {
        case .commit:
            let bytes = try Self.metadata(name, file)
            _ = try Commit(bytes, checksum: name.checksum)
            return Int64(bytes.count)
        case .dirtree:
            let bytes = try Self.metadata(name, file)
            try DirectoryTree.read(bytes) { _, _ in }
            return Int64(bytes.count)
        case .dirmeta:
            let bytes = try Self.metadata(name, file)
            try DirectoryMeta.require(bytes)
            return Int64(bytes.count)
        case .filez:
            return try content(name, file, isCancelled: isCancelled) { _ in }.bytesRead
        }
    }

    /// The bytes of a commit, dirtree or dirmeta, which its name is the checksum of.
    static func metadata(_ name: ObjectName, _ file: Descriptor, isKnown: Bool = false) throws(OSTreeError) -> [UInt8] {
        let bytes: [UInt8]
        do throws(FileTreeError) {
            bytes = try file.contents(limit: largestMetadata)
        } catch {
            throw OSTreeError(error.code == .tooLarge ? .objectTooLarge : .objectUnreadable, error.message)
        }
        if isKnown { return bytes }
        var hasher = SHA256()
        bytes.withUnsafeBytes { hasher.update(bufferPointer: $0) }
        try requireEqual(hasher, name)
        return bytes
    }

    /// Hands the content of a file object to `take` piece by piece, and throws in the end when it was another's.
    func content(
        _ name: ObjectName, _ file: Descriptor, isCancelled: () -> Bool,
        take: (UnsafeRawBufferPointer) throws(OSTreeError) -> Void
    ) throws(OSTreeError) -> (header: FileHeader, bytesRead: Int64) {
        let size: Int64
        do throws(FileTreeError) { size = try file.status().size } catch { throw OSTreeError(.objectUnreadable, error.message) }
        let first = try inflater.open(file, size: size)
        let length = try FileHeader.length(Array(first.prefix(FileHeader.prefixLength)), fileSize: size)
        let contentStart = FileHeader.prefixLength + length
        let header = try FileHeader(try Self.headerBytes(first, file, end: contentStart))
        var hasher = SHA256()
        header.hashed.withUnsafeBytes { hasher.update(bufferPointer: $0) }
        if header.target == nil {
            try inflater.inflate(file, from: contentStart, size: header.size, isCancelled: isCancelled) {
                piece throws(OSTreeError) in
                hasher.update(bufferPointer: piece)
                try take(piece)
            }
        } else if Int64(contentStart) != size {
            throw OSTreeError(.trailingBytes, "there are bytes behind the symlink")
        }
        try Self.requireEqual(hasher, name)
        return (header, size)
    }

    private static func headerBytes(_ first: UnsafeRawBufferPointer, _ file: Descriptor, end: Int) throws(OSTreeError) -> [UInt8] {
        if end <= first.count { return Array(first[FileHeader.prefixLength..<end]) }
        let length = end - FileHeader.prefixLength
        do throws(FileTreeError) {
            let bytes = try file.read(count: length, at: Int64(FileHeader.prefixLength))
            guard bytes.count == length else { throw FileTreeError(.failed, "it ends within its header") }
            return bytes
        } catch {
            throw OSTreeError(.contentTruncated, error.message)
        }
    }

    private static func requireEqual(_ hasher: SHA256, _ name: ObjectName) throws(OSTreeError) {
        let found = Checksum(hasher.finalize())
        guard found == name.checksum else {
            throw OSTreeError(.digestMismatch, "it is damaged, or another object: its checksum is \(found)")
        }
    }
}
