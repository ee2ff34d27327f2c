import CFileTree
import Glibc

extension Directory {
    /// Every path is opened through here: beneath this directory and through no link.
    func openBeneath(
        _ path: String, _ flags: Int32, mode: UInt32 = 0, cachedOnly: Bool = false, doing action: String
    ) throws(FileTreeError) -> Descriptor {
        // C would take what stands before the NUL for the whole name.
        guard !path.utf8.contains(0) else {
            throw FileTreeError(.notPlain, "cannot \(action) a name with a NUL in \(self.path)")
        }
        let number = filetree_open_beneath(descriptor.number, path, flags, mode, cachedOnly ? 1 : 0)
        guard number >= 0 else { throw FileTreeError(errno: -number, doing: action, at: "\(self.path)/\(path)") }
        return Descriptor(owning: number)
    }

    /// Splits a path into the directory that holds its last component, opened beneath this one, and that component.
    ///
    /// The calls that make, rename and remove take a name and not a descriptor, and would follow what stands before
    /// the last component out of the tree.
    func place(of path: String, doing action: String) throws(FileTreeError) -> (parent: Directory, name: String) {
        let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
        let name = slash.map { String(path[path.utf8.index(after: $0)...]) } ?? path
        guard !name.isEmpty, name != ".", name != "..", !name.utf8.contains(0) else {
            throw FileTreeError(.notPlain, "cannot \(action) \(self.path)/\(path): that is no name of a file")
        }
        guard let slash else { return (self, name) }
        let folder = String(path[..<slash])
        let parent = try openBeneath(folder, filetree_place_only | O_DIRECTORY, doing: action)
        return (Directory(descriptor: parent, path: "\(self.path)/\(folder)"), name)
    }
}
