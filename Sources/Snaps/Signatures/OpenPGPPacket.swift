/// One packet of OpenPGP (RFC 4880 §4.2): assertions hold keys and signatures as the byte 1 and one packet.
struct OpenPGPPacket {
    static let signature: UInt8 = 2
    static let publicKey: UInt8 = 6

    let tag: UInt8
    let body: [UInt8]

    /// Nil when these are not the byte 1, one whole packet, and nothing beside it.
    init?(_ bytes: [UInt8]) {
        var reader = OpenPGPReader(bytes[...])
        guard reader.byte() == 1, let first = reader.byte(), first & 0x80 != 0 else { return nil }
        let length: Int?
        if first & 0x40 != 0 {
            tag = first & 0x3F
            length = Self.newLength(&reader)
        } else {
            tag = first >> 2 & 0x0F
            // Type 3 has no length of its own.
            length = first & 3 < 3 ? reader.number(1 << Int(first & 3)) : nil
        }
        guard let length, reader.rest.count == length else { return nil }
        body = Array(reader.rest)
    }

    private static func newLength(_ reader: inout OpenPGPReader) -> Int? {
        guard let first = reader.byte() else { return nil }
        switch first {
        case ..<192: return Int(first)
        case 192..<224: return reader.byte().map { (Int(first) - 192) << 8 + Int($0) + 192 }
        case 255: return reader.number(4)
        default: return nil
        }
    }
}

/// Takes numbers off the front of bytes; nil when there are too few.
struct OpenPGPReader {
    private(set) var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    mutating func byte() -> UInt8? { rest.popFirst() }

    /// Big-endian, of at most four bytes.
    mutating func number(_ count: Int) -> Int? { take(count).map { $0.reduce(0) { $0 << 8 | Int($1) } } }

    mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard count <= rest.count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    /// A number of any size (RFC 4880 §3.2), without leading zeros.
    mutating func integer() -> [UInt8]? {
        guard let bits = number(2), bits > 0, let bytes = take((bits + 7) / 8), bytes.first != 0 else { return nil }
        return Array(bytes)
    }
}
