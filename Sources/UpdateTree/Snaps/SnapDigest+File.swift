import Crypto
import FileTree
import Snaps

extension SnapDigest {
    /// The digest of a file.
    static func of(_ file: Descriptor) throws(FileTreeError) -> SnapDigest { SnapDigest(try FileDigest.hashed(file, SHA3_384())) }
}
