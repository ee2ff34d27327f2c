import FileTree

/// Why an archive was refused or could not be unpacked.
///
/// The slug is stable; the message says what is wrong, where, and how to mend it.
public struct ArchiveError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Code: String, CaseIterable, Sendable {
        // The archive as a whole.
        case formatUnknown = "archive-format-unknown"
        case empty = "archive-empty"
        case truncated = "archive-truncated"
        case trailingBytes = "archive-trailing-bytes"
        case compressionCorrupt = "archive-compression-corrupt"
        case windowTooLarge = "archive-window-too-large"
        // Bounds.
        case tooManyMembers = "archive-too-many-members"
        case tooManyEntries = "archive-too-many-entries"
        case tooLarge = "archive-too-large"
        case fileTooLarge = "archive-file-too-large"
        case ratioTooHigh = "archive-ratio-too-high"
        // Headers.
        case checksumWrong = "archive-checksum-wrong"
        case sizeInvalid = "archive-size-invalid"
        case paxInvalid = "archive-pax-invalid"
        case paxGlobal = "archive-pax-global"
        /// An extended header twice, without its entry, or beside another one that says the same thing.
        case headerMisplaced = "archive-header-misplaced"
        // Kinds of entries.
        case link = "archive-link"
        case device = "archive-device"
        case pipe = "archive-pipe"
        case sparse = "archive-sparse"
        case typeUnsupported = "archive-type-unsupported"
        // Names.
        case pathAbsolute = "archive-path-absolute"
        case pathEscapes = "archive-path-escapes"
        case pathDot = "archive-path-dot"
        case pathEmpty = "archive-path-empty"
        case pathControl = "archive-path-control"
        case pathBackslash = "archive-path-backslash"
        case pathNotUTF8 = "archive-path-not-utf8"
        case pathTooLong = "archive-path-too-long"
        case pathTooDeep = "archive-path-too-deep"
        case duplicate = "archive-duplicate"
        /// One path, once as a file and once as a directory.
        case kindConflict = "archive-kind-conflict"
        // The machine, or the caller.
        case targetNotEmpty = "archive-target-not-empty"
        case readFailed = "archive-read-failed"
        case writeFailed = "archive-write-failed"
        /// For the closures of `Unpacking`: the caller wants no more of this archive.
        case stopped = "archive-stopped"
    }

    public let code: Code
    public let message: String
    /// What the file system said, when it was its fault: a full disk is mended otherwise than a bad archive.
    public let cause: FileTreeError?

    public init(_ code: Code, _ message: String, cause: FileTreeError? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    public init(writing cause: FileTreeError) {
        self.init(.writeFailed, "cannot unpack: \(cause.message)", cause: cause)
    }

    public var description: String { "\(code.rawValue): \(message)" }

    /// All ways in which the end comes too early have the same remedy.
    static func truncated(in part: String) -> ArchiveError {
        ArchiveError(.truncated, "the archive ends in the middle of \(part); send it again as a whole")
    }
}
