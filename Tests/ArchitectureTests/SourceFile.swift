import Foundation

/// One Swift file below `Sources/`.
struct SourceFile: CustomStringConvertible {
    /// Relative to `Sources/`.
    let path: String
    let lines: [String]

    init(path: String, text: String) {
        self.path = path
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    var room: String { String(path.prefix { $0 != "/" }) }
    var description: String { path }

    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Sources").resolvingSymlinksInPath()

    /// All names below `Sources/`, files and folders.
    static func names() throws -> [String] { try FileManager.default.subpathsOfDirectory(atPath: root.path).sorted() }

    static func all() throws -> [SourceFile] {
        try names().filter { $0.hasSuffix(".swift") }.compactMap { path in
            // Written this moment and not yet complete, or gone: the next run sees it.
            guard let text = try? String(contentsOf: root.appendingPathComponent(path), encoding: .utf8) else { return nil }
            return SourceFile(path: path, text: text)
        }
    }

    /// The modules that its import lines name.
    var imports: [String] {
        let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
        return lines.compactMap { line in
            var words = line.split(separator: " ")[...]
            while let first = words.first,
                first.hasPrefix("@") || ["public", "package", "internal", "private", "fileprivate"].contains(first)
            {
                words = words.dropFirst()
            }
            guard words.first == "import" else { return nil }
            words = words.dropFirst()
            if let first = words.first, kinds.contains(first) { words = words.dropFirst() }
            return words.first.map { String($0.prefix { $0 != "." && $0 != ";" }) }
        }
    }

    /// The code of a line: without comment, and without what stands in quotes.
    static func code(_ line: String) -> String {
        var code = ""
        var isQuoted = false
        var previous: Character = " "
        for character in line {
            if character == "\"", previous != "\\" { isQuoted.toggle() }
            if !isQuoted, character == "/", previous == "/" { return String(code.dropLast()) }
            if !isQuoted { code.append(character) }
            previous = character
        }
        return code
    }
}
