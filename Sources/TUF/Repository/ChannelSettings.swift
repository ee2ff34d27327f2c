import FileTree
import StrictJSON

/// What a channel remembers beside roots and versions: `channel.json`.
struct ChannelSettings: Equatable, Sendable {
    static let fileName = "channel.json"
    private static let largest = 1 << 20

    var lifetimes = Lifetimes.usual
    /// Keys that signed here and are gone: what they signed is ours to refresh.
    var retired: Set<PublicKey> = []

    init() {}

    /// The usual settings when the file is missing.
    init(in directory: Directory) throws(TUFError) {
        guard let bytes = try directory.metadata(Self.fileName, limit: Self.largest) else { return }
        let damaged = TUFError(.repositoryInvalid, "\(directory.path)/\(Self.fileName) is damaged; mend it or bring it back from a backup")
        guard let document = try? JSONDocument(parsing: bytes).root, document["format"]?.integer == 1,
            let root = Self.days(document["days"]?["root"]), let targets = Self.days(document["days"]?["targets"]),
            let snapshot = Self.days(document["days"]?["snapshot"]), let timestamp = Self.days(document["days"]?["timestamp"]),
            let retired = document["retired"]?.elements
        else { throw damaged }
        lifetimes = Lifetimes(root: root, targets: targets, snapshot: snapshot, timestamp: timestamp)
        for element in retired {
            guard let pem = element.string else { throw damaged }
            self.retired.insert(try PublicKey(pem: pem))
        }
    }

    /// A hundred years at most.
    private static func days(_ value: JSONElement?) -> Duration? {
        guard let count = value?.integer, (1...36_525).contains(count) else { return nil }
        return .days(count)
    }

    func store(in directory: Directory) throws(TUFError) {
        let days = TopRole.allCases.map { role in
            (name: role.rawValue, value: JSONValue.integer(max(1, lifetimes.of(role).components.seconds / 86_400)))
        }
        let document = JSONValue.object([
            ("format", .integer(1)), ("days", .object(days)),
            ("retired", .array(retired.map(\.pem).sorted().map { .string($0) })),
        ])
        try directory.store(Self.fileName, CanonicalJSON.bytes(of: document, .ordinary) + [0x0A])
    }
}
