/// Where the bytes of an archive come from, in order. Blocking.
public protocol ByteSource {
    /// Puts at least one byte into `buffer`, which is never empty, and returns the count; 0 at the end.
    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int
}
