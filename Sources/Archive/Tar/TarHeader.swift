/// One header block of a tar (POSIX.1-2017, pax, "ustar Interchange Format"; and GNU's own).
///
/// Owner, mode and times are not read: what is unpacked belongs to the server.
struct TarHeader {
    static let blockSize = 512

    let typeFlag: UInt8
    let size: Int64
    /// As the header states it, before any extended header has its say.
    let path: [UInt8]

    /// Nil for a block of zeros, which marks the end.
    init?(_ block: [UInt8]) throws(ArchiveError) {
        guard block.contains(where: { $0 != 0 }) else { return nil }
        let magic = block[257..<265]
        let isGNU = magic.elementsEqual("ustar  \0".utf8)
        guard isGNU || magic.elementsEqual("ustar\u{0}00".utf8) else {
            throw ArchiveError(
                .formatUnknown, "this is no tar, tar.gz or tar.zst with ustar, pax or GNU headers; make one with tar --format=pax")
        }
        try Self.verifyChecksum(block)
        typeFlag = block[156]
        size = try Self.number(block[124..<136], of: "size")
        // GNU keeps times where ustar has the front of a long path.
        let prefix = isGNU ? [] : try Self.text(block[345..<500])
        let name = try Self.text(block[0..<100])
        path = prefix.isEmpty ? name : prefix + [UInt8(ascii: "/")] + name
    }

    private static func verifyChecksum(_ block: [UInt8]) throws(ArchiveError) {
        let field = 148..<156
        var sum: Int64 = 8 * 0x20
        for index in 0..<blockSize where !field.contains(index) { sum += Int64(block[index]) }
        guard let stated = octal(block[field]), stated == sum else {
            throw ArchiveError(.checksumWrong, "a tar header does not have the checksum it states; send the archive again")
        }
    }

    /// Up to the first NUL. What is hidden behind it, another reader might take for a part of the name.
    private static func text(_ field: ArraySlice<UInt8>) throws(ArchiveError) -> [UInt8] {
        let text = field.prefix { $0 != 0 }
        guard field[text.endIndex...].allSatisfy({ $0 == 0 }) else {
            throw ArchiveError(.pathControl, "the path \(EntryPath.shown(Array(field))) holds a NUL; make the archive anew")
        }
        return Array(text)
    }

    /// Octal digits, or GNU's base 256 behind a byte with the highest bit.
    private static func number(_ field: ArraySlice<UInt8>, of name: String) throws(ArchiveError) -> Int64 {
        let value = field.first.map { $0 & 0x80 != 0 } == true ? base256(field) : octal(field)
        guard let value else {
            throw ArchiveError(.sizeInvalid, "a tar header states a \(name) that is no number from 0 to 2^63; make the archive anew")
        }
        return value
    }

    private static func octal(_ field: ArraySlice<UInt8>) -> Int64? {
        let space = UInt8(ascii: " ")
        let digits = field.drop { $0 == space }.prefix { $0 != space && $0 != 0 }
        guard !digits.isEmpty, field[digits.endIndex...].allSatisfy({ $0 == space || $0 == 0 }) else { return nil }
        var value: Int64 = 0
        // Twelve digits are 36 bits: this cannot overflow.
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(digit) else { return nil }
            value = value << 3 | Int64(digit - UInt8(ascii: "0"))
        }
        return value
    }

    /// Two's complement, so that 0xFF begins a negative number; of the others only those that fit 63 bits.
    private static func base256(_ field: ArraySlice<UInt8>) -> Int64? {
        guard field.first == 0x80 else { return nil }
        var value: Int64 = 0
        for byte in field.dropFirst() {
            guard value >> 55 == 0 else { return nil }
            value = value << 8 | Int64(byte)
        }
        return value
    }
}
