import Crypto
import FileTree

/// What tells that an update's directory is still the one that was checked, without reading its files.
///
/// A file that is put into a directory or taken out moves the directory's time. What it cannot see is a plain file that
/// was written over in place: `otaserve store verify` finds that.
public struct UpdateFingerprint: Hashable, Codable, Sendable {
    /// The directory itself, its metadata and the few files that name the rest. Cheap: compared every few seconds.
    public let surface: String
    /// Every directory that holds content.
    public let depth: String

    public init(_ directory: Directory) {
        surface = Self.surface(of: directory)
        depth = Self.depth(of: directory)
    }

    static func surface(of directory: Directory) -> String {
        var sum = Sum()
        sum.add(".", directory.status(".").map { [$0.device, $0.inode] })
        if let tuf = try? directory.directory("tuf") {
            for name in (try? tuf.names()) ?? [] { sum.add("tuf/\(name)", file: tuf.entry(name)) }
        }
        for path in ["ostree_repo/config", "ostree_repo/summary", "ostree_repo/summary.sig"] {
            sum.add(path, file: directory.status(path))
        }
        for path in ["ostree_repo/objects", "apps/apps", "apps/blobs/sha256", "snaps", "packages"] {
            sum.add(path, directory: directory.status(path))
        }
        // Only where there is one: updates without snaps keep the sum that was recorded.
        if let index = directory.status("snaps/index.json") { sum.add("snaps/index.json", file: index) }
        return sum.text
    }

    private static func depth(of directory: Directory) -> String {
        var sum = Sum()
        // Files of repositories lie two levels below `objects`, refs and deltas a little deeper.
        for part in UpdateParts.names.sorted() {
            if let content = try? directory.directory(part) { walk(content, at: "/\(part)", levels: 5, &sum) }
        }
        return sum.text
    }

    private static func walk(_ directory: Directory, at path: String, levels: Int, _ sum: inout Sum) {
        guard let status = directory.status(".") else { return }
        // ostree writes its lock and temporary files into the repository itself when somebody looks at it.
        if !path.hasSuffix("/ostree_repo") { sum.add(path, directory: status) }
        // Two names and no directory below it: nothing to walk into, and most directories are such.
        guard levels > 0, status.links != 2 else { return }
        for entry in (try? directory.entries()) ?? [] where entry.kind == .directory {
            let inner = "\(path)/\(entry.name)"
            guard !inner.hasSuffix("/ostree_repo/tmp"), !inner.hasSuffix("/ostree_repo/state"),
                let child = try? directory.directory(entry.name)
            else { continue }
            walk(child, at: inner, levels: levels - 1, &sum)
        }
    }

    private struct Sum {
        private var hash = SHA256()

        var text: String { Digest(hash.finalize()).hex }

        mutating func add(_ path: String, _ numbers: [UInt64]?) {
            hash.update(data: Array("\(path) \(numbers.map { $0.map(String.init).joined(separator: " ") } ?? "-")\n".utf8))
        }

        mutating func add(_ path: String, file status: FileStatus?) {
            add(path, status.map { [$0.inode, UInt64(bitPattern: $0.size), UInt64(bitPattern: $0.modified)] })
        }

        mutating func add(_ path: String, directory status: FileStatus?) {
            add(path, status.map { [$0.inode, UInt64(bitPattern: $0.modified)] })
        }
    }
}
