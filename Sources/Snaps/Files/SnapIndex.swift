/// The list of the snaps in an update's `snaps/` or in a pool: `index.json` beside them.
///
/// ```json
/// {"present": ["snapd"], "snaps": [{"name": "hello", "revision": "42", "arch": "amd64", "base": "core22", "type": "app",
///   "classic": false, "sha3-384": "…", "size": 12288}]}
/// ```
public struct SnapIndex: Equatable, Sendable {
    /// By name, then by revision.
    public let snaps: [SnapFile]
    /// What the devices have anyway, so that it need not lie here. Sorted.
    public let present: [SnapName]

    public static let fileName = "index.json"
    /// Bytes of the file.
    public static let largest = 4 << 20
    public static let mostSnaps = 1_000
    public static let mostPresent = 1_000
    /// Bytes of one snap.
    public static let largestSnap: Int64 = 8 << 30

    public static let empty = SnapIndex(checked: [], present: [])

    /// - Throws: ``SnapsError/Code/indexInvalid`` when a revision stands twice, or an entry cannot be one.
    public init(snaps: [SnapFile], present: some Sequence<SnapName>) throws(SnapsError) {
        let present = Set(present)
        guard snaps.count <= Self.mostSnaps, present.count <= Self.mostPresent else {
            throw Self.invalid("it names more than \(Self.mostSnaps) snaps, or declares more than \(Self.mostPresent) present")
        }
        var names = Set<String>()
        var digests = Set<SnapDigest>()
        for snap in snaps {
            try Self.check(snap)
            guard names.insert(snap.fileName).inserted else { throw Self.invalid("\(snap.fileName) stands there twice") }
            guard digests.insert(snap.digest).inserted else { throw Self.invalid("the digest of \(snap.fileName) stands there twice") }
        }
        self.init(checked: snaps, present: present)
    }

    private init(checked snaps: [SnapFile], present: some Sequence<SnapName>) {
        self.snaps = snaps.sorted { ($0.name.text, $0.revision.number ?? 0) < ($1.name.text, $1.revision.number ?? 0) }
        self.present = present.sorted()
    }

    private static func check(_ snap: SnapFile) throws(SnapsError) {
        guard !snap.name.text.utf8.contains(UInt8(ascii: "_")) else {
            throw invalid("\(snap.name) is the name of an instance; name the snap")
        }
        guard snap.revision.number != nil else {
            throw invalid("\(snap.fileName) has no revision of a store; a snap that is served has an assertion with its number")
        }
        guard isArchitecture(snap.architecture) else {
            throw invalid(
                "\(snap.fileName) has the architecture \(snap.architecture.prefix(40).debugDescription); write one such as amd64, or all")
        }
        guard (1...largestSnap).contains(snap.size) else {
            throw invalid("\(snap.fileName) has \(snap.size) bytes, not 1 to \(largestSnap)")
        }
    }

    static func isArchitecture(_ text: String) -> Bool {
        (1...32).contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) }
    }

    static func invalid(_ what: String) -> SnapsError {
        SnapsError(.indexInvalid, "the index of the snaps cannot be used: \(what); write it as docs/formats/snaps.md says")
    }
}
