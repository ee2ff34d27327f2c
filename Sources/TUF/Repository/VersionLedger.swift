import FileTree
import StrictJSON

/// The highest versions a channel ever gave out: `versions.json`.
///
/// It is on the disk before anything is signed with a version, so a crash skips one and never uses one twice, and it
/// knows what was deleted: a device remembers a version longer than the server keeps the update.
struct VersionLedger: Equatable, Sendable {
    static let fileName = "versions.json"
    private static let largest = 4 << 20

    private(set) var targets: [String: Int64] = [:]
    /// At least this was given out for every tag: what came with a fleet that was signed elsewhere.
    private(set) var targetsFloor: Int64 = 0
    private(set) var snapshot: Int64 = 0
    private(set) var timestamp: Int64 = 0

    struct Versions: Equatable, Sendable {
        let targets: Int64
        let snapshot: Int64
        let timestamp: Int64
    }

    init() {}

    /// What `directory` says. Once there is a root, the file must be there: beginning again at 1 would freeze devices.
    init(in directory: Directory) throws(TUFError) {
        guard let bytes = try directory.metadata(Self.fileName, limit: Self.largest) else {
            throw TUFError(
                .repositoryInvalid,
                "\(directory.path)/\(Self.fileName) is missing; bring it back, with no number lower than any that devices have seen")
        }
        guard let document = try? JSONDocument(parsing: bytes).root, document["format"]?.integer == 1,
            let floor = document["targets-floor"]?.integer, let snapshot = document["snapshot"]?.integer,
            let timestamp = document["timestamp"]?.integer, let tags = document["targets"]?.members
        else {
            throw TUFError(.repositoryInvalid, "\(directory.path)/\(Self.fileName) is damaged; bring it back from a backup")
        }
        targetsFloor = floor
        self.snapshot = snapshot
        self.timestamp = timestamp
        for (tag, version) in tags {
            guard let version = version.integer else {
                throw TUFError(.repositoryInvalid, "\(directory.path)/\(Self.fileName) is damaged; bring it back from a backup")
            }
            targets[tag] = version
        }
    }

    func store(in directory: Directory) throws(TUFError) {
        let tags = targets.sorted { $0.key < $1.key }.map { (name: $0.key, value: JSONValue.integer($0.value)) }
        let document = JSONValue.object([
            ("format", .integer(1)), ("targets", .object(tags)), ("targets-floor", .integer(targetsFloor)),
            ("snapshot", .integer(snapshot)), ("timestamp", .integer(timestamp)),
        ])
        try directory.store(Self.fileName, CanonicalJSON.bytes(of: document, .ordinary) + [0x0A])
    }

    /// Takes the next versions; they count once ``store(in:)`` returned.
    mutating func take(tag: String) throws(TUFError) -> Versions {
        let newest = max(targets[tag] ?? 0, targetsFloor)
        guard max(newest, snapshot, timestamp) < .max else {
            throw TUFError(.versionInvalid, "there is no version left; nobody reached that by rightful means")
        }
        targets[tag] = newest + 1
        snapshot += 1
        timestamp += 1
        return Versions(targets: newest + 1, snapshot: snapshot, timestamp: timestamp)
    }

    /// Raises what is lower. Without a tag, for all of them.
    mutating func raise(to seen: Versions, tag: String?) {
        if let tag {
            targets[tag] = max(targets[tag] ?? 0, seen.targets)
        } else {
            targetsFloor = max(targetsFloor, seen.targets)
        }
        snapshot = max(snapshot, seen.snapshot)
        timestamp = max(timestamp, seen.timestamp)
    }
}
