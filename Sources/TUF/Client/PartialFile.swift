import FileTree
import Glibc

/// A file that grows beside its place and takes it when it is whole. What a killed process left is taken over.
final class PartialFile {
    private let directory: Directory
    private let name: String
    private let file: Descriptor
    private var length: Int64 = 0

    /// `name` is one percent-encoded component.
    init(for name: String, in directory: Directory) throws(TUFError) {
        self.directory = directory
        self.name = name
        do {
            file = try Self.openAlone(Self.temporary(name), in: directory)
        } catch {
            throw TUFError(storing: error)
        }
    }

    /// No encoded name has a plus, so this is never the name of another target.
    private static func temporary(_ name: String) -> String { "\(name)+part" }

    /// Opens and empties the temporary file; throws `.inUse` while another process fills it.
    private static func openAlone(_ name: String, in directory: Directory) throws(FileTreeError) -> Descriptor {
        while true {
            let file = try directory.openForWriting(name)
            guard flock(file.number, LOCK_EX | LOCK_NB) == 0 else {
                throw FileTreeError(.inUse, "another process downloads to \(directory.path)/\(name); wait for its end")
            }
            // Another process may have moved it into place between the two calls: then it is the target itself.
            let own = try file.status()
            guard let present = directory.status(name), present.inode == own.inode, present.device == own.device else { continue }
            try file.truncate(to: 0)
            return file
        }
    }

    func append(_ piece: ArraySlice<UInt8>) throws(TUFError) {
        let outcome = piece.withUnsafeBytes { bytes in
            Result { () throws(FileTreeError) in try file.write(bytes, at: length) }
        }
        do { try outcome.get() } catch { throw TUFError(storing: error) }
        length += Int64(piece.count)
    }

    /// Returns when the file is on the disk under its name.
    func moveIntoPlace() throws(TUFError) {
        do throws(FileTreeError) {
            try file.sync()
            let number = directory.descriptor.number
            guard renameat(number, Self.temporary(name), number, name) == 0 else {
                throw FileTreeError(errno: errno, doing: "replace", at: "\(directory.path)/\(name)")
            }
            try directory.syncNames()
        } catch {
            throw TUFError(storing: error)
        }
    }

    /// A half file keeps no space.
    func discard() { unlinkat(directory.descriptor.number, Self.temporary(name), 0) }
}
