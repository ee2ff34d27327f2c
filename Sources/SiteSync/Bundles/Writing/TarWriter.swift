import FileTree

/// Writes a tar (POSIX.1-2017, ustar with pax headers where a path or a size needs one), front to back.
struct TarWriter {
    private static let block = 512
    /// Eleven octal digits.
    private static let largestInHeader: Int64 = 0o777_7777_7777

    private let file: Descriptor
    private var offset: Int64 = 0
    /// Bytes of the file under way that are still to come.
    private var missing: Int64 = 0
    private var padding = 0

    init(file: Descriptor) { self.file = file }

    /// Begins a file; exactly `size` bytes must follow.
    mutating func begin(_ path: String, size: Int64) throws {
        var records: [UInt8] = []
        let name = Array(path.utf8)
        let isShort = name.count <= 100 && name.allSatisfy { $0 < 0x80 }
        if !isShort { records += Self.record("path", path) }
        if size > Self.largestInHeader { records += Self.record("size", String(size)) }
        if !records.isEmpty {
            try put(Self.header(Array("pax".utf8), size: Int64(records.count), type: UInt8(ascii: "x")) + Self.filled(records))
        }
        try put(Self.header(isShort ? name : Array("pax-path".utf8), size: size > Self.largestInHeader ? 0 : size, type: UInt8(ascii: "0")))
        missing = size
        padding = Self.padding(size)
    }

    mutating func write(_ bytes: [UInt8]) throws {
        guard Int64(bytes.count) <= missing else { throw Self.grown }
        try put(bytes)
        missing -= Int64(bytes.count)
    }

    mutating func end() throws {
        guard missing == 0 else { throw Self.grown }
        try put([UInt8](repeating: 0, count: padding))
    }

    /// Returns when all of it is on the disk.
    mutating func finish() throws {
        try put([UInt8](repeating: 0, count: 2 * Self.block))
        try file.sync()
    }

    private static var grown: BundleError { BundleError(.damaged, "a file changed its size while it was exported; export again") }

    private mutating func put(_ bytes: [UInt8]) throws(FileTreeError) {
        try file.write(bytes, at: offset)
        offset += Int64(bytes.count)
    }

    private static func header(_ name: [UInt8], size: Int64, type: UInt8) -> [UInt8] {
        var block = [UInt8](repeating: 0, count: block)
        func put(_ bytes: some Sequence<UInt8>, at start: Int) {
            for (index, byte) in bytes.enumerated() { block[start + index] = byte }
        }
        put(name, at: 0)
        put("0000644\0".utf8, at: 100)
        put("0000000\0".utf8, at: 108)
        put("0000000\0".utf8, at: 116)
        put(octal(size, digits: 11), at: 124)
        put("00000000000\0".utf8, at: 136)
        put("        ".utf8, at: 148)
        block[156] = type
        put("ustar\u{0}00".utf8, at: 257)
        let sum = block.reduce(Int64(0)) { $0 + Int64($1) }
        put(octal(sum, digits: 6) + [0x20], at: 148)
        return block
    }

    /// Digits with a NUL behind them.
    private static func octal(_ value: Int64, digits: Int) -> [UInt8] {
        let text = String(value, radix: 8)
        return Array(String(repeating: "0", count: max(0, digits - text.utf8.count)).utf8) + Array(text.utf8) + [0]
    }

    /// `<length> <key>=<value>\n`, where the length counts its own digits too.
    private static func record(_ key: String, _ value: String) -> [UInt8] {
        let rest = " \(key)=\(value)\n"
        var length = rest.utf8.count + 1
        while String(length).utf8.count + rest.utf8.count != length { length += 1 }
        return Array("\(length)\(rest)".utf8)
    }

    private static func padding(_ size: Int64) -> Int { Int((Int64(block) - size % Int64(block)) % Int64(block)) }

    private static func filled(_ bytes: [UInt8]) -> [UInt8] { bytes + [UInt8](repeating: 0, count: padding(Int64(bytes.count))) }
}
