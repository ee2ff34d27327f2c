import FileTree

/// One thing in the content store that is not as it should be.
public struct StoreFinding: Sendable, CustomStringConvertible {
    public enum Kind: String, Sendable, CaseIterable {
        /// Its bytes are not what its name says.
        case damaged
        /// It could not be read: nothing is known of its bytes.
        case unreadable
        /// A link, a FIFO or a directory stands in its place.
        case notPlain = "not-plain"
        /// Found damaged before and put out of the way; updates still hold it.
        case setAside = "set-aside"
        /// No content of updates; left alone.
        case foreign
        /// What a killed repair left.
        case leftover

        /// For what has no slug of its own.
        var slug: String { "store-file-\(rawValue)" }
    }

    public let kind: Kind
    /// Relative to `store/`.
    public let path: String
    /// What it should be; nil when its name says of no content.
    public let content: SharedContent?
    /// Stable; what a program compares.
    public let slug: String
    /// What is wrong and how to mend it.
    public let message: String
    /// The updates that hold this very file.
    public internal(set) var updates: [UpdateKey] = []
    /// The file itself; nil when it could not be looked at.
    let status: FileStatus?

    init(_ kind: Kind, _ path: String, content: SharedContent?, status: FileStatus?, slug: String? = nil, _ message: String) {
        self.kind = kind
        self.path = Finding.printable(path)
        self.content = content
        self.status = status
        self.slug = slug ?? kind.slug
        self.message = Finding.printable(message)
    }

    /// Whether an update could be served wrong bytes, or an import could take them for right.
    public var isDamage: Bool {
        switch kind {
        case .damaged, .unreadable, .notPlain, .setAside: true
        case .foreign, .leftover: false
        }
    }

    public var description: String { "store/\(path): \(slug): \(message)" }
}
