import Foundation

/// Standard output. Throws when nobody reads it any more, so that a command in a pipe ends.
enum StandardOutput {
    static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    static func line(_ text: String) throws(ControlError) { try write(Data("\(text)\n".utf8)) }

    static func json(_ document: JSON) throws(ControlError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try line((try? encoder.encode(document)).map { String(decoding: $0, as: UTF8.self) } ?? "null")
    }

    /// One document on one line, for streams of them.
    static func jsonLine(_ document: JSON) throws(ControlError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try line((try? encoder.encode(document)).map { String(decoding: $0, as: UTF8.self) } ?? "null")
    }

    static func write(_ data: Data) throws(ControlError) {
        do {
            try FileHandle.standardOutput.write(contentsOf: data)
        } catch {
            throw ControlError(.failed, "output-failed", "cannot write to standard output")
        }
    }
}
