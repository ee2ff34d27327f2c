/// Every file of one update: what another site needs to know to hold the same.
///
/// As text one line per file, sorted by path: `<size> <digest> <path>`, the size in bytes, the digest `-` where the
/// path itself names the content.
public struct Inventory: Equatable, Sendable {
    public struct File: Hashable, Sendable {
        /// Relative to the update's directory.
        public let path: String
        /// Bytes.
        public let size: Int64
        public let content: Content

        public init(path: String, size: Int64, content: Content) {
            self.path = path
            self.size = size
            self.content = content
        }
    }

    /// How the bytes of a file are known.
    public enum Content: Hashable, Sendable {
        case shared(SharedContent)
        /// The SHA-256 of the file.
        case plain(Digest)
    }

    /// Sorted by the bytes of the path; no path stands twice.
    public let files: [File]

    public static let mostFiles = 2_000_000
    /// Bytes of an inventory as text.
    public static let largest = 256 << 20

    public init(_ files: [File]) {
        self.files = files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    /// Of all files; stays at the highest number for sizes that a stranger invented.
    public var bytes: Int64 {
        files.reduce(0) { sum, file in
            let (total, overflow) = sum.addingReportingOverflow(file.size)
            return overflow ? .max : total
        }
    }

    public var text: String {
        var text = ""
        for file in files {
            let digest: String
            switch file.content {
            case .shared: digest = "-"
            case .plain(let known): digest = known.description
            }
            text += "\(file.size) \(digest) \(file.path)\n"
        }
        return text
    }

    /// Reads an inventory that may come from a stranger: every path is one that an update may hold.
    public init(parsing text: some StringProtocol) throws(UpdateTreeError) {
        var files: [File] = []
        var last: Substring.UTF8View?
        for line in text.split(separator: "\n") {
            let line = Substring(line)
            let parts = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3, let size = Int64(parts[0]), size >= 0, String(size) == parts[0] else {
                throw Self.malformed("a line is not SIZE DIGEST PATH")
            }
            let path = parts[2]
            guard UpdatePath.isValid(path) else { throw Self.malformed("\(DirectoryName.quoted(path)) is no path of an update") }
            if let last, !last.lexicographicallyPrecedes(path.utf8) {
                throw Self.malformed("\(DirectoryName.quoted(path)) stands twice or out of order")
            }
            last = path.utf8
            guard files.count < Self.mostFiles else { throw Self.malformed("there are more than \(Self.mostFiles) files") }
            let content: Content
            switch (SharedContent(path: path), parts[1]) {
            case (let shared?, "-"): content = .shared(shared)
            case (nil, let digest) where digest != "-": content = .plain(try Digest(digest))
            default: throw Self.malformed("\(DirectoryName.quoted(path)) has no digest, or one too many")
            }
            files.append(File(path: String(path), size: size, content: content))
        }
        self.files = files
    }

    private static func malformed(_ what: String) -> UpdateTreeError {
        UpdateTreeError(.inventoryInvalid, "\(what); make the inventory anew")
    }
}
