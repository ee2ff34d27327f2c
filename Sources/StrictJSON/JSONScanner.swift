import Glibc

/// The one pass over the bytes: checks everything and notes where each value lies.
struct JSONScanner {
    private static let deepest = 32

    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0
    private var nodes: [JSONNode] = []

    private init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
        // Metadata have a value every fifteen bytes or so.
        nodes.reserveCapacity(bytes.count / 12 + 16)
    }

    static func scan(_ bytes: [UInt8]) throws(JSONError) -> [JSONNode] {
        guard bytes.count <= JSONDocument.largest else {
            throw JSONError(.tooLarge, "a document of \(bytes.count) bytes is longer than \(JSONDocument.largest)")
        }
        // The standard library's closures rethrow untyped: the error travels in a result.
        let outcome = bytes.withUnsafeBufferPointer { buffer in
            Result { () throws(JSONError) in
                var scanner = JSONScanner(buffer)
                var around = scanner.skipSpace()
                around.formUnion(try scanner.value(depth: 0))
                around.formUnion(scanner.skipSpace())
                guard scanner.position == buffer.count else {
                    throw JSONError(.trailingBytes, "there are bytes after the value, at offset \(scanner.position)")
                }
                return scanner.nodes
            }
        }
        return try outcome.get()
    }

    private func malformed(_ what: String) -> JSONError { JSONError(.malformed, "\(what) at offset \(position)") }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() -> Irregularities {
        let start = position
        while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
        return position == start ? [] : .space
    }

    private mutating func expect(_ word: StaticString) throws(JSONError) {
        for index in 0..<word.utf8CodeUnitCount {
            guard current == word.utf8Start[index] else { throw malformed("expected \(word)") }
            position += 1
        }
    }

    private mutating func append(_ kind: JSONNode.Kind, from start: Int, _ irregularities: Irregularities = [], count: UInt32 = 0) {
        nodes.append(
            JSONNode(
                kind: kind, irregularities: irregularities, count: count, start: UInt32(truncatingIfNeeded: start),
                end: UInt32(truncatingIfNeeded: position), next: UInt32(truncatingIfNeeded: nodes.count + 1)))
    }

    private mutating func value(depth: Int) throws(JSONError) -> Irregularities {
        let start = position
        switch current {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return try string()
        case UInt8(ascii: "t"):
            try expect("true")
            append(.bool, from: start, count: 1)
        case UInt8(ascii: "f"):
            try expect("false")
            append(.bool, from: start)
        case UInt8(ascii: "n"):
            try expect("null")
            append(.null, from: start)
        case .some(UInt8(ascii: "-")), .some(UInt8(ascii: "0")...UInt8(ascii: "9")): try integer()
        case nil: throw malformed("the value ends too early")
        default: throw malformed("unexpected byte")
        }
        return []
    }

    /// Steps into an object or an array; returns the index of its node.
    private mutating func enter(_ kind: JSONNode.Kind, depth: Int) throws(JSONError) -> Int {
        guard depth < Self.deepest else { throw JSONError(.tooDeep, "nested deeper than \(Self.deepest) levels") }
        append(kind, from: position)
        position += 1
        return nodes.count - 1
    }

    private mutating func leave(_ node: Int, count: Int, _ irregularities: Irregularities) -> Irregularities {
        nodes[node].end = UInt32(truncatingIfNeeded: position)
        nodes[node].next = UInt32(truncatingIfNeeded: nodes.count)
        nodes[node].count = UInt32(truncatingIfNeeded: count)
        nodes[node].irregularities = irregularities
        return irregularities
    }

    private mutating func array(depth: Int) throws(JSONError) -> Irregularities {
        let node = try enter(.array, depth: depth)
        var found = skipSpace()
        var count = 0
        if current == UInt8(ascii: "]") {
            position += 1
            return leave(node, count: 0, found)
        }
        while true {
            found.formUnion(skipSpace())
            found.formUnion(try value(depth: depth + 1))
            found.formUnion(skipSpace())
            count += 1
            if current == UInt8(ascii: ",") {
                position += 1
                continue
            }
            try expect("]")
            return leave(node, count: count, found)
        }
    }

    private mutating func object(depth: Int) throws(JSONError) -> Irregularities {
        let node = try enter(.object, depth: depth)
        var found = skipSpace()
        var count = 0
        if current == UInt8(ascii: "}") {
            position += 1
            return leave(node, count: 0, found)
        }
        /// The member before, while all names so far ascended and had no escapes: then none can stand twice.
        var last: Range<Int>?
        var ascends = true
        while true {
            found.formUnion(skipSpace())
            guard current == UInt8(ascii: "\"") else { throw malformed("expected a member name") }
            let nameStart = position + 1
            let irregular = try string()
            let name = nameStart..<(position - 1)
            if ascends {
                ascends = !irregular.contains(.escapes) && (last.map { precedes($0, name) } ?? true)
                last = name
            }
            found.formUnion(irregular)
            found.formUnion(skipSpace())
            try expect(":")
            found.formUnion(skipSpace())
            found.formUnion(try value(depth: depth + 1))
            found.formUnion(skipSpace())
            count += 1
            if current == UInt8(ascii: ",") {
                position += 1
                continue
            }
            try expect("}")
            if !ascends, try !checkNames(of: node, count: count) { found.formUnion(.unsorted) }
            return leave(node, count: count, found)
        }
    }

    /// Whether the bytes of one name sort before those of another; false when they are equal.
    private func precedes(_ left: Range<Int>, _ right: Range<Int>) -> Bool {
        guard let base = UnsafeRawPointer(bytes.baseAddress) else { return false }
        let order = memcmp(base + left.lowerBound, base + right.lowerBound, min(left.count, right.count))
        return order == 0 ? left.count < right.count : order < 0
    }

    /// Refuses an object in which a name stands twice. Compared as bytes: two names that are only Unicode-equivalent are
    /// two names. Returns whether the names ascend.
    private func checkNames(of object: Int, count: Int) throws(JSONError) -> Bool {
        var names: [[UInt8]] = []
        names.reserveCapacity(count)
        var index = object + 1
        for _ in 0..<count {
            let node = nodes[index]
            names.append(JSONText.decode(bytes[Int(node.start) + 1..<Int(node.end) - 1]))
            index = Int(nodes[index + 1].next)
        }
        let sorted = names.sorted { $0.lexicographicallyPrecedes($1) }
        for (first, second) in zip(sorted, sorted.dropFirst()) where first == second {
            let name = String(decoding: first.prefix(80), as: UTF8.self)
            throw JSONError(.duplicateMember, "the member \(name.debugDescription) stands twice")
        }
        return names == sorted
    }

    private mutating func integer() throws(JSONError) {
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
                throw JSONError(.numberOutOfRange, "the number at offset \(start) does not fit 64 bits")
            }
            value = difference
            position += 1
        }
        guard position > firstDigit else { throw malformed("expected a digit") }
        if bytes[firstDigit] == UInt8(ascii: "0"), position > firstDigit + 1 || negative {
            throw malformed("a number with a leading zero or -0")
        }
        if let byte = current, byte == UInt8(ascii: ".") || byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E") {
            throw JSONError(.numberNotInteger, "the number at offset \(start) is not an integer")
        }
        guard negative || value != Int64.min else {
            throw JSONError(.numberOutOfRange, "the number at offset \(start) does not fit 64 bits")
        }
        append(.integer, from: start)
    }

    private mutating func string() throws(JSONError) -> Irregularities {
        let start = position
        var index = position + 1
        var isASCII = true
        var found: Irregularities = []
        let count = bytes.count
        while index < count {
            index = skipPlain(from: index)
            guard index < count else { break }
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") {
                position = index + 1
                if !isASCII, String(validating: bytes[start + 1..<index], as: UTF8.self) == nil {
                    throw malformed("a string that is not UTF-8")
                }
                append(.string, from: start, found)
                return found
            }
            if byte == UInt8(ascii: "\\") {
                found = .escapes
                position = index + 1
                try skipEscape()
                index = position
                continue
            }
            guard byte >= 0x20 else {
                position = index
                throw malformed("a control character in a string")
            }
            if byte >= 0x80 { isASCII = false }
            index += 1
        }
        throw malformed("a string without end")
    }

    /// Steps over letters that need no look, eight at a time: no quotation mark, backslash or control character, and ASCII.
    private func skipPlain(from start: Int) -> Int {
        guard let base = UnsafeRawPointer(bytes.baseAddress) else { return start }
        let ones: UInt64 = 0x0101_0101_0101_0101
        var index = start
        while index + 8 <= bytes.count {
            let word = base.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            let quote = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
            let backslash = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
            // The high bit of a byte rises where a subtraction borrows, that is, where a byte is zero or below 0x20.
            let found =
                word | (quote &- ones) & ~quote | (backslash &- ones) & ~backslash | (word &- ones &* 0x20) & ~word
            guard found & (ones &* 0x80) == 0 else { break }
            index += 8
        }
        return index
    }

    private mutating func skipEscape() throws(JSONError) {
        guard let kind = current else { throw malformed("a string without end") }
        position += 1
        switch kind {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return
        case UInt8(ascii: "u"):
            let high = try hexUnit()
            if (0xD800..<0xDC00).contains(high) {
                try expect("\\u")
                guard (0xDC00..<0xE000).contains(try hexUnit()) else { throw malformed("a lone surrogate") }
            } else if (0xDC00..<0xE000).contains(high) {
                throw malformed("a lone surrogate")
            }
        default: throw malformed("an unknown escape")
        }
    }

    private mutating func hexUnit() throws(JSONError) -> UInt32 {
        guard let unit = JSONText.hexUnit(bytes, at: position) else { throw malformed("expected four hexadecimal digits") }
        position += 4
        return unit
    }
}
