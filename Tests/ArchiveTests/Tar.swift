/// Writes small archives for tests that need one a program would not make.
struct Tar {
    private(set) var bytes: [UInt8] = []

    static func header(_ name: String, size: Int = 0, type: Character = "0") -> [UInt8] {
        var block = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at offset: Int) {
            for (index, byte) in text.utf8.enumerated() { block[offset + index] = byte }
        }
        func octal(_ value: Int, _ width: Int) -> String {
            let digits = String(value, radix: 8)
            return String(repeating: "0", count: width - digits.count) + digits
        }
        put(name, at: 0)
        put(octal(0o644, 7), at: 100)
        put(octal(size, 11), at: 124)
        put(String(type), at: 156)
        put("ustar\u{0}00", at: 257)
        put("        ", at: 148)
        put(octal(block.reduce(0) { $0 + Int($1) }, 6) + "\u{0}", at: 148)
        return block
    }

    mutating func add(_ name: String, _ content: [UInt8] = [], type: Character = "0") {
        bytes += Self.header(name, size: content.count, type: type) + content
        bytes += [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
    }

    /// With the two blocks of zeros that end it.
    var ended: [UInt8] { bytes + [UInt8](repeating: 0, count: 1024) }

    static func of(_ files: [(String, String)]) -> [UInt8] {
        var tar = Tar()
        for (name, content) in files { tar.add(name, Array(content.utf8)) }
        return tar.ended
    }
}
