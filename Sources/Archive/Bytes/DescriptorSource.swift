import FileTree
import Glibc

/// The bytes of an open file, pipe or socket from where it stands.
///
/// It moves the descriptor's own position, as a pipe has no other: nobody else should read from it.
public struct DescriptorSource: ByteSource {
    private let descriptor: Descriptor

    public init(_ descriptor: Descriptor) { self.descriptor = descriptor }

    public mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int {
        while true {
            let count = Glibc.read(descriptor.number, buffer.baseAddress, buffer.count)
            if count >= 0 { return count }
            guard errno != EINTR else { continue }
            let cause = FileTreeError(errno: errno, doing: "read", at: "the archive")
            throw ArchiveError(.readFailed, cause.message, cause: cause)
        }
    }
}
