/// A path that stays beneath its root, whatever reads it: plain components, no `..`, no control characters.
///
/// Paths are equal when their bytes are. (Swift's strings are equal when they look the same, a file system's are not.)
public struct EntryPath: Equatable, Sendable {
    /// None for the root itself, which an archive of `.` names.
    public let components: [String]

    public var text: String { components.joined(separator: "/") }
    public var isRoot: Bool { components.isEmpty }

    public static func == (one: EntryPath, other: EntryPath) -> Bool {
        one.components.elementsEqual(other.components) { $0.utf8.elementsEqual($1.utf8) }
    }

    /// Judges the path that an archive states. A directory may end in one slash, and any path may begin with one `./`.
    init(_ bytes: [UInt8], isDirectory: Bool, limits: UnpackLimits) throws(ArchiveError) {
        let shown = Self.shown(bytes)
        guard !bytes.isEmpty else { throw ArchiveError(.pathEmpty, "an entry has no name; make the archive anew") }
        guard bytes.count <= limits.longestPath else {
            throw ArchiveError(.pathTooLong, "the path \(shown) has more than \(limits.longestPath) bytes; shorten it")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ArchiveError(.pathNotUTF8, "the path \(shown) is not UTF-8; rename it")
        }
        // U+007F to U+009F: also these a terminal takes for commands.
        guard !text.unicodeScalars.contains(where: { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) }) else {
            throw ArchiveError(.pathControl, "the path \(shown) holds a NUL or a control character; rename it")
        }
        guard !bytes.contains(UInt8(ascii: "\\")) else {
            throw ArchiveError(.pathBackslash, "the path \(shown) holds a backslash; rename it")
        }
        guard bytes.first != UInt8(ascii: "/") else {
            throw ArchiveError(.pathAbsolute, "the path \(shown) is absolute; make the archive with tar -C and relative names")
        }
        // Over bytes: a combining character behind a slash would hide it from a search by characters.
        var parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map {
            String(text[$0.startIndex..<$0.endIndex])
        }
        if parts.first == "." { parts.removeFirst() }
        if isDirectory, parts.last == "" { parts.removeLast() }
        for part in parts { try Self.check(part, of: shown, limits: limits) }
        guard isDirectory || !parts.isEmpty else {
            throw ArchiveError(.pathDot, "the path \(shown) names the root as a file; make the archive anew")
        }
        guard parts.count <= limits.deepestPath else {
            throw ArchiveError(.pathTooDeep, "the path \(shown) has more than \(limits.deepestPath) components; flatten it")
        }
        components = parts
    }

    private static func check(_ part: String, of shown: String, limits: UnpackLimits) throws(ArchiveError) {
        switch part {
        case "": throw ArchiveError(.pathEmpty, "the path \(shown) has an empty component; make the archive anew")
        case ".": throw ArchiveError(.pathDot, "the path \(shown) has the component `.`; make the archive anew")
        case "..": throw ArchiveError(.pathEscapes, "the path \(shown) has the component `..`; make the archive with plain names")
        default: break
        }
        guard part.utf8.count <= limits.longestComponent else {
            throw ArchiveError(.pathTooLong, "a component of \(shown) has more than \(limits.longestComponent) bytes; shorten it")
        }
    }

    /// For messages: short, and without anything that a terminal or a log would act upon.
    static func shown(_ bytes: [UInt8]) -> String {
        let visible = bytes.prefix(120).map { byte in
            (0x20..<0x7F).contains(byte) ? String(UnicodeScalar(byte)) : "?"
        }
        return "“\(visible.joined())\(bytes.count > 120 ? "…" : "")”"
    }
}
