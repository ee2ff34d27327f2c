/// Reads the keys of a TOML document, and finds where their values end. Line by line: tables, then keys.
struct TOMLReader {
    private var scanner: TOMLValueScanner
    private var table: [String] = []
    private var entries: [TOMLDocument.Entry] = []
    /// Every path that is a value, or (false) a table: neither may become the other.
    private var isValue: [[String]: Bool] = [:]
    private var headers = Set<[String]>()

    /// Keys of a document: it is merged for each device that has one of its own.
    private static let mostKeys = 500
    /// Names in a path.
    private static let deepest = 32

    init(_ text: String) { scanner = TOMLValueScanner(Array(text.utf8)) }

    mutating func read() throws(TOMLError) -> [TOMLDocument.Entry] {
        while true {
            scanner.skipBlankLines()
            guard let byte = scanner.peek else { return entries }
            if byte == UInt8(ascii: "[") { try readHeader() } else { try readEntry() }
            try scanner.endLine()
        }
    }

    private mutating func readHeader() throws(TOMLError) {
        scanner.advance()
        if scanner.peek == UInt8(ascii: "[") {
            throw scanner.error("an array of tables cannot be merged by key; write an inline array")
        }
        let path = try readPath(endingWith: UInt8(ascii: "]"))
        scanner.advance()
        guard headers.insert(path).inserted else { throw scanner.error("this table stands here twice; put its keys together") }
        try note(path, isValue: false)
        table = path
    }

    private mutating func readEntry() throws(TOMLError) {
        let path = table + (try readPath(endingWith: UInt8(ascii: "=")))
        scanner.advance()
        scanner.skipSpaces()
        let value = try scanner.value()
        try note(path, isValue: true)
        guard entries.count < Self.mostKeys else { throw scanner.error("more than \(Self.mostKeys) keys; use fewer") }
        entries.append(TOMLDocument.Entry(path: path, value: value))
    }

    /// A key is given once, and is either a value or a table.
    private mutating func note(_ path: [String], isValue new: Bool) throws(TOMLError) {
        guard path.count <= Self.deepest else { throw scanner.error("more than \(Self.deepest) tables in each other; use fewer") }
        for count in 1..<max(path.count, 1) {
            let parent = Array(path.prefix(count))
            if isValue[parent] == true { throw scanner.error("a key before this is a value, and cannot be a table too") }
            isValue[parent] = false
        }
        switch isValue[path] {
        case nil: isValue[path] = new
        case false? where !new: break
        default: throw scanner.error("this key stands here twice; remove one")
        }
    }

    /// A key with dots in it, up to the byte behind it, which is not taken.
    private mutating func readPath(endingWith end: UInt8) throws(TOMLError) -> [String] {
        var path: [String] = []
        while true {
            scanner.skipSpaces()
            path.append(try scanner.keyPart())
            scanner.skipSpaces()
            if scanner.peek == end { return path }
            guard scanner.peek == UInt8(ascii: ".") else {
                throw scanner.error("expected \(Character(Unicode.Scalar(end))) behind the key")
            }
            scanner.advance()
        }
    }

    /// Whether a key may hold it without quotes.
    static func isBare(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
