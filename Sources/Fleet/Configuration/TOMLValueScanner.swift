/// Walks over the bytes of a TOML document: spaces, parts of keys, and whole values.
struct TOMLValueScanner {
    private let bytes: [UInt8]
    private var position = 0
    private var line = 1

    /// Arrays and inline tables in each other.
    private static let deepest = 32

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    func error(_ reason: String) -> TOMLError { TOMLError(line: line, reason: reason) }

    mutating func advance() {
        if peek == UInt8(ascii: "\n") { line += 1 }
        position += 1
    }

    mutating func skipSpaces() {
        while peek == UInt8(ascii: " ") || peek == UInt8(ascii: "\t") { advance() }
    }

    private mutating func skipComment() {
        guard peek == UInt8(ascii: "#") else { return }
        while let byte = peek, byte != UInt8(ascii: "\n") { advance() }
    }

    mutating func skipBlankLines() {
        while let byte = peek {
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"): advance()
            case UInt8(ascii: "#"): skipComment()
            default: return
            }
        }
    }

    /// Takes the rest of a line, in which only a comment may stand.
    mutating func endLine() throws(TOMLError) {
        skipSpaces()
        skipComment()
        if peek == UInt8(ascii: "\r") { advance() }
        guard let byte = peek else { return }
        guard byte == UInt8(ascii: "\n") else { throw error("nothing but a comment may follow on this line") }
        advance()
    }

    /// One part of a key, without its quotes.
    mutating func keyPart() throws(TOMLError) -> String {
        let start = position
        switch peek {
        case UInt8(ascii: "\""):
            try basicString()
            return try unescaped(bytes[start + 1..<position - 1])
        case UInt8(ascii: "'"):
            try literalString()
            return String(decoding: bytes[start + 1..<position - 1], as: UTF8.self)
        default:
            while let byte = peek, TOMLReader.isBare(byte) { advance() }
            guard position > start else { throw error("a key is missing; write name = value") }
            return String(decoding: bytes[start..<position], as: UTF8.self)
        }
    }

    /// Takes a value and returns its text.
    mutating func value() throws(TOMLError) -> String {
        let start = position
        try skipValue(depth: 0)
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func skipValue(depth: Int) throws(TOMLError) {
        guard depth < Self.deepest else { throw error("more than \(Self.deepest) arrays in each other; use fewer") }
        switch peek {
        case UInt8(ascii: "\""):
            if starts(with: "\"\"\"") { try multiLine("\"\"\"", escapes: true) } else { try basicString() }
        case UInt8(ascii: "'"): if starts(with: "'''") { try multiLine("'''", escapes: false) } else { try literalString() }
        case UInt8(ascii: "["): try array(depth: depth)
        case UInt8(ascii: "{"): try inlineTable(depth: depth)
        default: try scalar()
        }
    }

    private func starts(with text: StaticString) -> Bool {
        bytes[position...].starts(with: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    // MARK: Strings

    private mutating func basicString() throws(TOMLError) {
        advance()
        while let byte = peek, byte != UInt8(ascii: "\n") {
            if byte == UInt8(ascii: "\\") { try escape() } else { advance() }
            if byte == UInt8(ascii: "\"") { return }
        }
        throw error("a string is not closed; end it with \"")
    }

    private mutating func literalString() throws(TOMLError) {
        advance()
        while let byte = peek, byte != UInt8(ascii: "\n") {
            advance()
            if byte == UInt8(ascii: "'") { return }
        }
        throw error("a string is not closed; end it with '")
    }

    private mutating func multiLine(_ quotes: StaticString, escapes: Bool) throws(TOMLError) {
        let quote = peek
        for _ in 0..<3 { advance() }
        while let byte = peek {
            if starts(with: quotes) {
                for _ in 0..<3 { advance() }
                // One or two quotes may stand before the three that end it.
                for _ in 0..<2 where peek == quote { advance() }
                return
            }
            if escapes, byte == UInt8(ascii: "\\") { try escape(inLines: true) } else { advance() }
        }
        throw error("a string of several lines is not closed; end it with three quotes")
    }

    private mutating func escape(inLines: Bool = false) throws(TOMLError) {
        advance()
        let digits: Int
        switch peek {
        case UInt8(ascii: "b"), UInt8(ascii: "t"), UInt8(ascii: "n"), UInt8(ascii: "f"), UInt8(ascii: "r"), UInt8(ascii: "\""),
            UInt8(ascii: "\\"):
            digits = 0
        case UInt8(ascii: "u"): digits = 4
        case UInt8(ascii: "U"): digits = 8
        case UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: " "), UInt8(ascii: "\t"):
            guard inLines else { throw error("a string has an escape that TOML does not know") }
            return
        default: throw error("a string has an escape that TOML does not know")
        }
        advance()
        for _ in 0..<digits {
            guard let byte = peek, Character(Unicode.Scalar(byte)).isHexDigit else { throw error("an escape needs \(digits) digits") }
            advance()
        }
    }

    private func unescaped(_ raw: ArraySlice<UInt8>) throws(TOMLError) -> String {
        var text = ""
        var rest = Substring(decoding: raw, as: UTF8.self).unicodeScalars[...]
        while let scalar = rest.popFirst() {
            guard scalar == "\\" else {
                text.unicodeScalars.append(scalar)
                continue
            }
            switch rest.popFirst() {
            case "b": text += "\u{8}"
            case "t": text += "\t"
            case "n": text += "\n"
            case "f": text += "\u{C}"
            case "r": text += "\r"
            case let letter? where letter == "u" || letter == "U":
                let digits = String(rest.prefix(letter == "u" ? 4 : 8))
                rest = rest.dropFirst(digits.count)
                guard let number = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(number) else {
                    throw error("an escape names no character")
                }
                text.unicodeScalars.append(scalar)
            case let other?: text.unicodeScalars.append(other)
            case nil: break
            }
        }
        return text
    }

    // MARK: Other values

    private mutating func array(depth: Int) throws(TOMLError) {
        advance()
        while true {
            skipBlankLines()
            if peek == UInt8(ascii: "]") { break }
            try skipValue(depth: depth + 1)
            skipBlankLines()
            if peek == UInt8(ascii: "]") { break }
            guard peek == UInt8(ascii: ",") else { throw error("an array is not closed; put commas between values and ] at its end") }
            advance()
        }
        advance()
    }

    private mutating func inlineTable(depth: Int) throws(TOMLError) {
        advance()
        skipSpaces()
        if peek == UInt8(ascii: "}") {
            advance()
            return
        }
        while true {
            skipSpaces()
            _ = try keyPart()
            skipSpaces()
            if peek == UInt8(ascii: ".") {
                advance()
                continue
            }
            guard peek == UInt8(ascii: "=") else { throw error("expected = behind the key") }
            advance()
            skipSpaces()
            try skipValue(depth: depth + 1)
            skipSpaces()
            if peek == UInt8(ascii: "}") { break }
            guard peek == UInt8(ascii: ",") else { throw error("an inline table is not closed; end it with } on the same line") }
            advance()
        }
        advance()
    }

    /// A number, a date, `true`, `false`, `inf` or `nan`.
    private mutating func scalar() throws(TOMLError) {
        let start = position
        func isPart(_ byte: UInt8) -> Bool {
            TOMLReader.isBare(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: ":")
        }
        while let byte = peek, isPart(byte) { advance() }
        // A date and a time may have a space between them.
        if position - start == 10, bytes[start + 4] == UInt8(ascii: "-"), peek == UInt8(ascii: " "), position + 1 < bytes.count,
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position + 1])
        {
            advance()
            while let byte = peek, isPart(byte) { advance() }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        let digits = text.drop { $0 == "+" || $0 == "-" }
        guard text == "true" || text == "false" || digits == "inf" || digits == "nan" || digits.first?.isNumber == true else {
            throw error("a value is missing or unknown; put texts in quotes")
        }
    }
}
