/// Walks from commits over their directories, each once, and marks what they need.
///
/// Level by level rather than by recursion: a hostile tree costs a word for each of its objects and no stack.
struct TreeWalk {
    /// Levels of directories. Linux opens no path that is longer than 4,096 bytes.
    static let deepest = 1_024
    /// Objects that are absent are told once each, as far as anybody will read.
    private static let mostMissing = 10_000

    let repository: Repository
    let inventory: ObjectInventory
    let findings: FindingCollector
    let isKnown: @Sendable (ObjectName) -> Bool
    let isCancelled: @Sendable () -> Bool

    /// By the object's place in the inventory.
    private(set) var isReached: [Bool]
    /// Those that need no further look: the walk compared them, or they were known, or they were found bad.
    private(set) var isDone: [Bool]
    private(set) var reached = 0
    private(set) var known = 0
    private(set) var bytesRead: Int64 = 0
    private(set) var commits: [Commit] = []
    private var missing = Set<ObjectName>()
    private var level: [Int32] = []

    init(
        _ repository: Repository, _ inventory: ObjectInventory, _ findings: FindingCollector,
        isKnown: @escaping @Sendable (ObjectName) -> Bool, isCancelled: @escaping @Sendable () -> Bool
    ) {
        self.repository = repository
        self.inventory = inventory
        self.findings = findings
        self.isKnown = isKnown
        self.isCancelled = isCancelled
        isReached = [Bool](repeating: false, count: inventory.names.count)
        isDone = isReached
    }

    /// Walks all that `checksums` need.
    mutating func walk(_ checksums: [Checksum]) {
        for checksum in checksums { enter(checksum) }
        var depth = 1
        while !level.isEmpty, !isCancelled() {
            guard depth <= Self.deepest else {
                let path = inventory.names[Int(level[0])].path
                findings.add(path, OSTreeError(.tooDeep, "it lies more than \(Self.deepest) directories deep"))
                return
            }
            let current = level
            level = []
            for index in current where !isCancelled() { visit(Int(index)) }
            depth += 1
        }
    }

    private mutating func enter(_ checksum: Checksum) {
        let name = ObjectName(checksum, .commit)
        guard let index = reach(name, neededBy: { "it was asked for" }) else { return }
        do throws(OSTreeError) {
            let commit = try Commit(try read(index), checksum: checksum)
            commits.append(commit)
            _ = reach(ObjectName(commit.meta, .dirmeta), neededBy: { "\(name) needs it for its root" })
            if let tree = reach(ObjectName(commit.tree, .dirtree), neededBy: { "\(name) needs it for its root" }) {
                level.append(Int32(tree))
            }
        } catch {
            findings.add(name.path, error)
        }
    }

    private mutating func visit(_ index: Int) {
        let name = inventory.names[index]
        do throws(OSTreeError) {
            try DirectoryTree.read(try read(index)) { entry, content throws(OSTreeError) in
                func reason() -> String { "\(name) needs it for \(String(decoding: entry, as: UTF8.self).debugDescription)" }
                switch content {
                case .file(let checksum): _ = reach(ObjectName(checksum, .filez), neededBy: reason)
                case .directory(let tree, let meta):
                    _ = reach(ObjectName(meta, .dirmeta), neededBy: reason)
                    if let child = reach(ObjectName(tree, .dirtree), neededBy: reason) { level.append(Int32(child)) }
                }
            }
        } catch {
            findings.add(name.path, error)
        }
    }

    /// The bytes of metadata, compared with its name unless that was done before.
    private mutating func read(_ index: Int) throws(OSTreeError) -> [UInt8] {
        let name = inventory.names[index]
        isDone[index] = true
        let isKnown = isKnown(name)
        if isKnown { known += 1 }
        let bytes = try repository.metadata(name, isKnown: isKnown)
        bytesRead += Int64(bytes.count)
        return bytes
    }

    /// Marks an object as needed. Its place when that is new, nil when it was marked before or is absent.
    private mutating func reach(_ name: ObjectName, neededBy reason: () -> String) -> Int? {
        guard let index = inventory.index(of: name) else {
            if missing.count < Self.mostMissing, missing.insert(name).inserted {
                findings.add(name.path, OSTreeError(.objectMissing, "it is absent, and \(reason())"))
            }
            return nil
        }
        guard !isReached[index] else { return nil }
        isReached[index] = true
        reached += 1
        return index
    }
}
