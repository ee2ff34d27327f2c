/// Reads JSON the way metadata must be read: every byte counts.
///
/// Refused, each with its own error: duplicate members, bytes after the value, nesting beyond 32, fractions,
/// exponents, `-0`, leading zeros, integers beyond 64 bits, invalid UTF-8, lone surrogates, raw control characters.
public struct StrictJSONReader {
    private static let deepest = 32

    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0

    private init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// The value that `bytes` hold.
    public static func read(_ bytes: [UInt8]) throws(TUFError) -> JSONValue {
        var outcome: Result<JSONValue, TUFError> = .success(.null)
        bytes.withUnsafeBufferPointer { buffer in
            var reader = StrictJSONReader(buffer)
            outcome = Result { () throws(TUFError) in
                let value = try reader.value(depth: 0)
                reader.skipSpace()
                guard reader.position == buffer.count else {
                    throw TUFError(.trailingBytes, "there are bytes after the value, at offset \(reader.position)")
                }
                return value
            }
        }
        return try outcome.get()
    }

    private func malformed(_ what: String) -> TUFError {
        TUFError(.malformedJSON, "\(what) at offset \(position)")
    }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private mutating func expect(_ word: StaticString) throws(TUFError) {
        for index in 0..<word.utf8CodeUnitCount {
            guard current == word.utf8Start[index] else { throw malformed("expected \(word)") }
            position += 1
        }
    }

    private mutating func value(depth: Int) throws(TUFError) -> JSONValue {
        skipSpace()
        switch current {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"):
            try expect("true")
            return .bool(true)
        case UInt8(ascii: "f"):
            try expect("false")
            return .bool(false)
        case UInt8(ascii: "n"):
            try expect("null")
            return .null
        case .some(UInt8(ascii: "-")), .some(UInt8(ascii: "0")...UInt8(ascii: "9")): return .integer(try integer())
        case nil: throw malformed("the value ends too early")
        default: throw malformed("unexpected byte")
        }
    }

    /// Steps into an object or an array.
    private mutating func enter(depth: Int) throws(TUFError) {
        guard depth < Self.deepest else { throw TUFError(.tooDeep, "nested deeper than \(Self.deepest) levels") }
        position += 1
    }

    private mutating func object(depth: Int) throws(TUFError) -> JSONValue {
        try enter(depth: depth)
        var members: [(name: String, value: JSONValue)] = []
        // Compared as bytes: two names that are only Unicode-equivalent are two names.
        var seen = Set<[UInt8]>()
        skipSpace()
        if current == UInt8(ascii: "}") {
            position += 1
            return .object(members)
        }
        while true {
            skipSpace()
            guard current == UInt8(ascii: "\"") else { throw malformed("expected a member name") }
            let name = try string()
            guard seen.insert(Array(name.utf8)).inserted else {
                throw TUFError(.duplicateMember, "the member \(name.prefix(80).debugDescription) stands twice")
            }
            skipSpace()
            try expect(":")
            members.append((name, try value(depth: depth + 1)))
            skipSpace()
            if current == UInt8(ascii: ",") {
                position += 1
                continue
            }
            try expect("}")
            return .object(members)
        }
    }

    private mutating func array(depth: Int) throws(TUFError) -> JSONValue {
        try enter(depth: depth)
        var elements: [JSONValue] = []
        skipSpace()
        if current == UInt8(ascii: "]") {
            position += 1
            return .array(elements)
        }
        while true {
            elements.append(try value(depth: depth + 1))
            skipSpace()
            if current == UInt8(ascii: ",") {
                position += 1
                continue
            }
            try expect("]")
            return .array(elements)
        }
    }

    private mutating func integer() throws(TUFError) -> Int64 {
        let start = position
        let negative = current == UInt8(ascii: "-")
        if negative { position += 1 }
        let firstDigit = position
        // Counted downwards: Int64.min has no positive counterpart.
        var value: Int64 = 0
        while let byte = current, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (difference, underflow) = product.subtractingReportingOverflow(Int64(byte - UInt8(ascii: "0")))
            guard !overflow, !underflow else {
                throw TUFError(.numberOutOfRange, "the number at offset \(start) does not fit 64 bits")
            }
            value = difference
            position += 1
        }
        guard position > firstDigit else { throw malformed("expected a digit") }
        if bytes[firstDigit] == UInt8(ascii: "0"), position > firstDigit + 1 || negative {
            throw malformed("a number with a leading zero or -0")
        }
        if let byte = current, byte == UInt8(ascii: ".") || byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E") {
            throw TUFError(.numberNotInteger, "the number at offset \(start) is not an integer")
        }
        if negative { return value }
        guard value != Int64.min else {
            throw TUFError(.numberOutOfRange, "the number at offset \(start) does not fit 64 bits")
        }
        return -value
    }

    private mutating func string() throws(TUFError) -> String {
        position += 1
        var text: [UInt8] = []
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                guard let string = String(validating: text, as: UTF8.self) else {
                    throw malformed("a string that is not UTF-8")
                }
                return string
            case UInt8(ascii: "\\"):
                position += 1
                try appendEscape(to: &text)
            case 0..<0x20: throw malformed("a control character in a string")
            default:
                text.append(byte)
                position += 1
            }
        }
        throw malformed("a string without end")
    }

    private mutating func appendEscape(to text: inout [UInt8]) throws(TUFError) {
        guard let kind = current else { throw malformed("a string without end") }
        position += 1
        switch kind {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(kind)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): text.append(contentsOf: String(try escapedScalar()).utf8)
        default: throw malformed("an unknown escape")
        }
    }

    private mutating func escapedScalar() throws(TUFError) -> Character {
        let high = try hexUnit()
        if (0xD800..<0xDC00).contains(high) {
            try expect("\\u")
            let low = try hexUnit()
            guard (0xDC00..<0xE000).contains(low),
                let scalar = Unicode.Scalar(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
            else { throw malformed("a lone surrogate") }
            return Character(scalar)
        }
        guard let scalar = Unicode.Scalar(high) else { throw malformed("a lone surrogate") }
        return Character(scalar)
    }

    private mutating func hexUnit() throws(TUFError) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw malformed("expected four hexadecimal digits")
            }
            unit = unit << 4 | UInt32(digit)
            position += 1
        }
        return unit
    }
}
