/// What an `.assert` file says of the snap beside it: exactly one snap-revision, and before it what snapd asks for first.
///
/// Only what is said is read here. Whether the signatures hold is for the device's snapd to say.
public struct SnapRevisionAssertion: Equatable, Sendable {
    public let digest: SnapDigest
    /// Bytes of the `.snap`.
    public let size: Int64
    public let revision: SnapRevision
    public let snapID: String
    /// By the snap-declaration of the same snap id; nil when there is none.
    public let name: SnapName?
    /// Kinds of assertions that snapd needs first and that are not in the file: the device must have them already.
    public let missing: [String]

    /// Bytes of an `.assert` file.
    public static let largest = 4 << 20
    private static let before = ["account-key", "account", "snap-declaration"]

    /// - Throws: ``SnapsError/Code/assertionMalformed`` when there is not exactly one snap-revision, something that it rests
    ///   upon stands behind it, or a header is not what it must be.
    public init(_ assertions: [Assertion]) throws(SnapsError) {
        let places = assertions.indices.filter { assertions[$0].type == "snap-revision" }
        guard places.count == 1, let place = places.first else {
            throw Self.malformed("it holds \(places.count) snap-revision assertions, not one")
        }
        if let late = assertions[place...].first(where: { Self.before.contains($0.type) }) {
            throw Self.malformed("\(late.type) stands behind the snap-revision that rests upon it")
        }
        let assertion = assertions[place]
        digest = try SnapDigest(try Self.header("snap-sha3-384", of: assertion))
        revision = try SnapRevision(try Self.header("snap-revision", of: assertion))
        guard revision.number != nil else { throw Self.malformed("its snap-revision is no number") }
        let size = try Self.header("snap-size", of: assertion)
        guard let bytes = Int64(size), bytes > 0, String(bytes) == size else { throw Self.malformed("its snap-size is no number of bytes") }
        self.size = bytes
        snapID = try Self.header("snap-id", of: assertion)
        let id = snapID
        let declaration = assertions[..<place].last { $0.type == "snap-declaration" && $0["snap-id"] == id }
        var name: SnapName?
        if let declaration { name = try SnapName(try Self.header("snap-name", of: declaration)) }
        self.name = name
        missing = Self.before.filter { kind in
            kind == "snap-declaration" ? declaration == nil : !assertions[..<place].contains { $0.type == kind }
        }
    }

    /// - Throws: as ``Assertion/stream(_:)`` and ``init(_:)``.
    public init(parsing bytes: [UInt8]) throws(SnapsError) { try self.init(try Assertion.stream(bytes)) }

    /// Compares it with an entry of the index.
    ///
    /// - Throws: ``SnapsError/Code/assertionMismatch`` with what differs.
    public func check(_ snap: SnapFile) throws(SnapsError) {
        func differs(_ what: String, _ own: String, _ other: String) -> SnapsError {
            SnapsError(
                .assertionMismatch,
                "the assertion says \(what) \(own), and the snap is \(other); fetch both files together, for example with snap download")
        }
        guard digest == snap.digest else { throw differs("the SHA3-384", digest.text, snap.digest.text) }
        guard size == snap.size else { throw differs("a size of", String(size), String(snap.size)) }
        guard revision == snap.revision else { throw differs("the revision", revision.text, snap.revision.text) }
        if let name, name != snap.name { throw differs("the name", name.text, snap.name.text) }
    }

    private static func header(_ name: String, of assertion: Assertion) throws(SnapsError) -> String {
        guard let value = assertion[name], !value.isEmpty else { throw malformed("its \(assertion.type) has no \(name)") }
        return value
    }

    private static func malformed(_ what: String) -> SnapsError {
        SnapsError(
            .assertionMalformed, "the assertions do not fit one snap: \(what); fetch them again, for example with snap download")
    }
}
