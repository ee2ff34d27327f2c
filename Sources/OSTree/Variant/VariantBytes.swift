/// Takes a serialised GVariant apart, trusting no offset in it.
///
/// GVariant writes the parts of a container one behind the other, each aligned, and at the container's end the offsets
/// at which its parts of unknown length end ("framing offsets"), 1, 2, 4 or 8 bytes each as the container's length
/// asks. Only the normal form passes, which is the one form that a writer makes: offsets ascend, are no longer than
/// needed, and what pads is zero. ostree takes some others too, reading defaults where nothing fits: an object with
/// them would be what its reader makes of it.
struct VariantBytes {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var all: Range<Int> { 0..<bytes.count }

    func malformed(_ what: String, at offset: Int) -> OSTreeError {
        OSTreeError(.variantMalformed, "\(what) at byte \(offset)")
    }

    /// The places of a tuple's members. Their own content is not looked at.
    func members(of range: Range<Int>, _ types: [VariantType]) throws(OSTreeError) -> [Range<Int>] {
        let variable = types.dropLast().count { $0.fixedSize == nil }
        let width = Self.offsetWidth(range.count)
        guard range.count >= variable * width else { throw malformed("a container is too short for its offsets", at: range.lowerBound) }
        let bodyEnd = range.upperBound - variable * width
        try requireShortest(width, count: variable, body: bodyEnd - range.lowerBound, at: range.lowerBound)
        var places: [Range<Int>] = []
        places.reserveCapacity(types.count)
        var position = range.lowerBound
        var offsetPlace = range.upperBound
        for (index, type) in types.enumerated() {
            let start = try aligned(position, to: type.alignment, from: range.lowerBound, within: bodyEnd)
            let end: Int
            if let size = type.fixedSize {
                end = start + size
            } else if index == types.count - 1 {
                end = bodyEnd
            } else {
                offsetPlace -= width
                end = range.lowerBound + (try offset(at: offsetPlace, width: width, limit: bodyEnd - range.lowerBound))
            }
            guard end >= start, end <= bodyEnd else { throw malformed("an offset leads out of its container", at: start) }
            places.append(start..<end)
            position = end
        }
        guard position == bodyEnd else { throw malformed("a container holds more than its members", at: position) }
        return places
    }

    /// Calls `visit` with the place of each element of an array.
    func elements(
        of range: Range<Int>, _ type: VariantType, visit: (Range<Int>) throws(OSTreeError) -> Void
    ) throws(OSTreeError) {
        guard !range.isEmpty else { return }
        if let size = type.fixedSize {
            guard range.count % size == 0 else {
                throw malformed("an array's length is no multiple of its element's", at: range.lowerBound)
            }
            for start in stride(from: range.lowerBound, to: range.upperBound, by: size) { try visit(start..<(start + size)) }
            return
        }
        let width = Self.offsetWidth(range.count)
        let body = try offset(at: range.upperBound - width, width: width, limit: range.count - width)
        let table = range.count - body
        guard table % width == 0 else { throw malformed("an array's table of offsets is cut", at: range.lowerBound + body) }
        try requireShortest(width, count: table / width, body: body, at: range.lowerBound)
        let bodyEnd = range.lowerBound + body
        var position = range.lowerBound
        for place in stride(from: bodyEnd, to: range.upperBound, by: width) {
            let start = try aligned(position, to: type.alignment, from: range.lowerBound, within: bodyEnd)
            let end = range.lowerBound + (try offset(at: place, width: width, limit: body))
            guard end >= start else { throw malformed("an array's offsets do not ascend", at: place) }
            try visit(start..<end)
            position = end
        }
    }

    /// The text at `range` without the NUL that ends it.
    func string(_ range: Range<Int>) throws(OSTreeError) -> String {
        guard let text = String(validating: try text(range), as: UTF8.self) else {
            throw malformed("a string is not UTF-8", at: range.lowerBound)
        }
        return text
    }

    /// Like `string`, as bytes that may not be UTF-8.
    func text(_ range: Range<Int>) throws(OSTreeError) -> ArraySlice<UInt8> {
        guard let last = range.last, bytes[last] == 0 else { throw malformed("a string has no end", at: range.lowerBound) }
        let text = bytes[range.lowerBound..<last]
        guard !text.contains(0) else { throw malformed("a string holds a NUL", at: range.lowerBound) }
        return text
    }

    /// The big-endian number at `range`: ostree writes its own numbers so, whatever the machine.
    func bigEndian(_ range: Range<Int>) -> UInt64 {
        bytes[range].reduce(0) { $0 << 8 | UInt64($1) }
    }

    // MARK: Offsets

    static func offsetWidth(_ length: Int) -> Int {
        switch length {
        case ...0xFF: 1
        case ...0xFFFF: 2
        case ...0xFFFF_FFFF: 4
        default: 8
        }
    }

    private func offset(at place: Int, width: Int, limit: Int) throws(OSTreeError) -> Int {
        var value: UInt64 = 0
        for index in (0..<width).reversed() { value = value << 8 | UInt64(bytes[place + index]) }
        guard value <= UInt64(limit) else { throw malformed("an offset leads out of its container", at: place) }
        return Int(value)
    }

    /// Offsets of half the width must not have done.
    private func requireShortest(_ width: Int, count: Int, body: Int, at place: Int) throws(OSTreeError) {
        guard width > 1, count > 0 else { return }
        let half = width / 2
        guard Self.offsetWidth(body + half * count) > half else { throw malformed("offsets are longer than needed", at: place) }
    }

    private func aligned(_ position: Int, to alignment: Int, from start: Int, within end: Int) throws(OSTreeError) -> Int {
        let next = start + (position - start).rounded(upTo: alignment)
        guard next <= end else { throw malformed("a container is cut", at: position) }
        guard bytes[position..<next].allSatisfy({ $0 == 0 }) else { throw malformed("padding is not zero", at: position) }
        return next
    }
}
