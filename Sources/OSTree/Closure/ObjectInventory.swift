import FileTree
import Glibc

/// The objects that lie in a repository, from one pass over its directories: looking one up asks no file system.
struct ObjectInventory {
    /// Five times the largest distribution.
    static let mostObjects = 4_000_000

    /// Sorted.
    private(set) var names: [ObjectName] = []
    /// Those that are a link, a FIFO or whatever else is not a file.
    private(set) var notPlain = Set<ObjectName>()
    /// Detached metadata of commits (signatures). It has no digest of its own.
    private(set) var detached: [Checksum] = []
    /// Where each of the 256 directories begins in `names`, and the end.
    private var starts: [Int] = []

    /// Lists `objects`. What does not belong there goes to `findings`.
    init(_ objects: Directory, _ findings: FindingCollector) throws(OSTreeError) {
        var shards = [Bool](repeating: false, count: 256)
        for entry in try Self.entries(objects) {
            let name = String(decoding: entry.name, as: UTF8.self)
            // A link with such a name is opened, and told to be one.
            if !entry.isPlain, entry.name.count == 2, let shard = Self.shard(entry.name) {
                shards[shard] = true
            } else {
                findings.add("objects/\(name)", OSTreeError(.objectNameInvalid, "no object lies there"))
            }
        }
        for shard in shards.indices {
            starts.append(names.count)
            if shards[shard] { try list(shard, in: objects, findings) }
        }
        starts.append(names.count)
    }

    private mutating func list(_ shard: Int, in objects: Directory, _ findings: FindingCollector) throws(OSTreeError) {
        let folder = Self.shardName(shard)
        let directory: Directory
        do throws(FileTreeError) {
            directory = try objects.directory(folder)
        } catch {
            findings.add("objects/\(folder)", OSTreeError(opening: error))
            return
        }
        let first = names.count
        for entry in try Self.entries(directory) {
            guard let name = ObjectName(directory: Array(folder.utf8), file: entry.name) else {
                if let commit = Self.detached(folder, entry) {
                    detached.append(commit)
                } else {
                    let path = "objects/\(folder)/\(String(decoding: entry.name, as: UTF8.self))"
                    findings.add(path, OSTreeError(.objectNameInvalid, "that is not the name of an object"))
                }
                continue
            }
            guard names.count < Self.mostObjects else {
                throw OSTreeError(.tooManyObjects, "there are more than \(Self.mostObjects) objects; export fewer commits")
            }
            if !entry.isPlain { notPlain.insert(name) }
            names.append(name)
        }
        names[first...].sort()
    }

    private static func shard(_ name: [UInt8]) -> Int? {
        Checksum(hex: name + [UInt8](repeating: UInt8(ascii: "0"), count: 62))?.shard
    }

    /// The directory of a shard: two hexadecimal digits.
    static func shardName(_ shard: Int) -> String { shard < 16 ? "0" + String(shard, radix: 16) : String(shard, radix: 16) }

    private static func detached(_ folder: String, _ entry: Entry) -> Checksum? {
        guard entry.isPlain, entry.name.dropFirst(62).elementsEqual(".commitmeta".utf8) else { return nil }
        return Checksum(hex: Array(folder.utf8) + entry.name.prefix(62))
    }

    /// Where `name` stands in `names`, nil when it is absent.
    func index(of name: ObjectName) -> Int? {
        var low = starts[name.checksum.shard]
        var high = starts[name.checksum.shard + 1]
        while low < high {
            let middle = (low + high) / 2
            if names[middle] == name { return middle }
            if names[middle] < name { low = middle + 1 } else { high = middle }
        }
        return nil
    }

    // MARK: Listing

    private struct Entry {
        let name: [UInt8]
        let isPlain: Bool
    }

    /// Like `Directory.names`, with what each entry is: opening each to see would cost more than reading the small ones.
    private static func entries(_ directory: Directory) throws(OSTreeError) -> [Entry] {
        let copy = openat(directory.descriptor.number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0, let stream = fdopendir(copy) else {
            let number = errno
            if copy >= 0 { close(copy) }
            throw OSTreeError(.unreadable, FileTreeError(errno: number, doing: "list", at: directory.path).message)
        }
        defer { closedir(stream) }
        var entries: [Entry] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                guard errno == 0 else {
                    throw OSTreeError(.unreadable, FileTreeError(errno: errno, doing: "list", at: directory.path).message)
                }
                return entries
            }
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            if name == [0x2E] || name == [0x2E, 0x2E] { continue }
            entries.append(Entry(name: name, isPlain: isPlain(entry.pointee.d_type, name, directory)))
        }
    }

    private static func isPlain(_ type: UInt8, _ name: [UInt8], _ directory: Directory) -> Bool {
        // Some file systems do not say it in the list.
        guard type == UInt8(DT_UNKNOWN) else { return type == UInt8(DT_REG) }
        return directory.status(String(decoding: name, as: UTF8.self))?.kind == .file
    }
}
