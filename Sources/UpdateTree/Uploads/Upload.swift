import FileTree

/// One archive that is being received. Holds the upload for this request until it is released.
public struct Upload: Sendable {
    public let id: UploadID
    private let archive: Descriptor
    private let lock: Descriptor
    /// Bytes that are here.
    public private(set) var received: Int64
    private let largest: Int64

    init(id: UploadID, archive: Descriptor, lock: Descriptor, received: Int64, largest: Int64) {
        self.id = id
        self.archive = archive
        self.lock = lock
        self.received = received
        self.largest = largest
    }

    /// Throws unless the next part begins where the last one ended.
    public func check(offset: Int64) throws(UpdateTreeError) {
        guard offset == received else {
            throw UpdateTreeError(.uploadOffset, "\(received) bytes of the upload \(id) are here; go on from there")
        }
    }

    /// Throws when an archive of this length would be too long, before it fills the disk.
    public func check(length: Int64) throws(UpdateTreeError) {
        guard length <= largest else {
            throw UpdateTreeError(
                .uploadTooLarge, "an archive may have \(largest) bytes, this one is longer; raise upload-limit or split the update")
        }
    }

    /// Appends bytes as they come. May wait for a disk.
    public mutating func append(_ bytes: UnsafeRawBufferPointer) throws(UpdateTreeError) {
        try check(length: received + Int64(bytes.count))
        try storage { () throws(FileTreeError) in try archive.write(bytes, at: received) }
        received += Int64(bytes.count)
    }

    /// The archive from its beginning, as an update's source.
    public func source() throws(UpdateTreeError) -> UpdateSource {
        try storage { () throws(FileTreeError) in try archive.rewind() }
        return .archive(archive, name: "the upload \(id)")
    }
}
