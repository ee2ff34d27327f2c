import Crypto

extension VariantBytes {
    /// `a{sv}`: names and values of any type.
    static let dictionary = VariantType.array(entry)
    private static let entry = VariantType.tuple(entryLayout)
    private static let entryLayout: [VariantType] = [.string, .variant]

    /// A value in a dictionary, and what it is.
    struct Value {
        let place: Range<Int>
        let type: ArraySlice<UInt8>

        func isOf(_ signature: StaticString) -> Bool {
            signature.withUTF8Buffer { type.elementsEqual($0) }
        }
    }

    /// Calls `visit` with every entry of the dictionary at `range`, which is in normal form.
    func entries(
        of range: Range<Int>, visit: (_ key: ArraySlice<UInt8>, Value) throws(OSTreeError) -> Void
    ) throws(OSTreeError) {
        try elements(of: range, Self.entry) { place throws(OSTreeError) in
            let pair = try members(of: place, Self.entryLayout)
            guard let separator = bytes[pair[1]].lastIndex(of: 0) else { throw malformed("a variant has no type", at: pair[1].lowerBound) }
            let value = Value(place: pair[1].lowerBound..<separator, type: bytes[(separator + 1)..<pair[1].upperBound])
            try visit(try text(pair[0]), value)
        }
    }

    /// The value called `key`; of several the first, as GLib finds it.
    func value(of key: String, in range: Range<Int>) throws(OSTreeError) -> Value? {
        var found: Value?
        try entries(of: range) { candidate, value in
            if found == nil, candidate.elementsEqual(key.utf8) { found = value }
        }
        return found
    }

    /// The little-endian number at `range`.
    func littleEndian(_ range: Range<Int>) -> UInt64 {
        bytes[range].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The SHA-256 of the bytes at `range`.
    func digest(_ range: Range<Int>) -> Checksum {
        var hasher = SHA256()
        bytes.withUnsafeBytes { hasher.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[range])) }
        return Checksum(hasher.finalize())
    }
}
