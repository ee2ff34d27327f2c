import FileTree

/// One month of the audit log, read in pieces.
struct AuditFile {
    let name: String
    private let file: Descriptor
    let size: Int64

    private static let piece = 256 << 10
    /// Bytes of a line that is read at all. The longest that is written has a tenth of it.
    static let longestLine = 64 << 10

    init(_ name: String, in folder: Directory) throws(FileTreeError) {
        self.name = name
        file = try folder.openFile(name)
        size = try file.status().size
    }

    /// `2026-03.jsonl`; nothing else in the folder is part of the log.
    static func isName(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        return bytes.count == 13 && name.hasSuffix(".jsonl") && bytes[4] == UInt8(ascii: "-")
            && (bytes[0..<4] + bytes[5..<7]).allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    /// Calls `body` for each line until it returns false. Returns the bytes behind the last end of a line.
    ///
    /// A line that is too long is given as far as it may be read: it is none of ours and will not chain.
    @discardableResult
    func forEachLine(_ body: (ArraySlice<UInt8>) throws -> Bool) throws -> Int64 {
        var rest: [UInt8] = []
        var offset: Int64 = 0
        var whole: Int64 = 0
        while offset < size {
            let piece = try file.read(count: Int(min(Int64(Self.piece), size - offset)), at: offset)
            if piece.isEmpty { break }
            offset += Int64(piece.count)
            var bytes = rest + piece
            var start = 0
            for index in bytes.indices where bytes[index] == UInt8(ascii: "\n") {
                let line = bytes[start..<index]
                whole += Int64(line.count + 1)
                guard try body(line) else { return size - whole }
                start = index + 1
            }
            bytes.removeFirst(start)
            if bytes.count > Self.longestLine {
                _ = try body(bytes.prefix(Self.longestLine))
                return size - whole
            }
            rest = bytes
        }
        return size - whole
    }

    /// The last line that has an end, and the bytes behind it.
    func tail() throws -> (line: [UInt8]?, unfinished: Int64) {
        let count = min(size, Int64(2 * Self.longestLine))
        let bytes = try file.read(count: Int(count), at: size - count)
        guard let end = bytes.lastIndex(of: UInt8(ascii: "\n")) else { return (nil, size) }
        let start = bytes[..<end].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        return (Array(bytes[start..<end]), Int64(bytes.count - end - 1))
    }
}
