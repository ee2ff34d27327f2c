/// Walks the elements of one level of DER without decoding them.
///
/// For the few places that need the exact bytes of an element which the decoded certificate no longer has.
/// Hostile input ends the walk; no length is trusted further than the bytes that are there.
struct DERScanner {
    struct Element {
        let tag: UInt8
        let content: ArraySlice<UInt8>
        /// Tag, length and content.
        let encoded: ArraySlice<UInt8>
    }

    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    /// The next element; nil at the end and before anything that is not one.
    mutating func next() -> Element? {
        let start = rest
        guard let tag = rest.popFirst(), let first = rest.popFirst(), let length = length(first), length <= rest.count
        else {
            rest = []
            return nil
        }
        let content = rest.prefix(length)
        rest = rest.dropFirst(length)
        return Element(tag: tag, content: content, encoded: start[start.startIndex..<content.endIndex])
    }

    private mutating func length(_ first: UInt8) -> Int? {
        guard first & 0x80 != 0 else { return Int(first) }
        // Four bytes of length hold more than any file this module reads.
        let count = Int(first & 0x7f)
        guard (1...4).contains(count), count <= rest.count else { return nil }
        var length = 0
        for _ in 0..<count {
            guard let byte = rest.popFirst() else { return nil }
            length = length << 8 | Int(byte)
        }
        return length
    }
}
