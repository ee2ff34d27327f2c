/// A document's bytes and values by index, for loops over very many values: no retain, no allocation.
///
/// An index names a value; a member's name is the value before it. All is inlined: a loop asks some million times.
public struct JSONContents: ~Copyable {
    @usableFromInline let bytes: UnsafeBufferPointer<UInt8>
    @usableFromInline let nodes: UnsafeBufferPointer<JSONNode>

    @inlinable public func isObject(_ index: Int) -> Bool { nodes[index].kind == .object }
    @inlinable public func isString(_ index: Int) -> Bool { nodes[index].kind == .string }
    @inlinable public func hasEscapes(_ index: Int) -> Bool { nodes[index].irregularities.contains(.escapes) }
    @inlinable public func count(_ index: Int) -> Int { Int(nodes[index].count) }
    /// The first value inside a container.
    @inlinable public func inside(_ index: Int) -> Int { index + 1 }
    /// The value behind this one.
    @inlinable public func behind(_ index: Int) -> Int { Int(nodes[index].next) }

    /// The bytes between the quotes of a string, escapes as they stand.
    @inlinable public func raw(_ index: Int) -> UnsafeBufferPointer<UInt8> {
        let node = nodes[index]
        return UnsafeBufferPointer(rebasing: bytes[Int(node.start) + 1..<Int(node.end) - 1])
    }

    /// The bytes of a string with its escapes resolved.
    public func decoded(_ index: Int) -> [UInt8] { JSONText.decode(raw(index)) }

    /// Whether the string at `index` is `word`; `word` holds nothing that would be escaped.
    @inlinable public func text(_ index: Int, is word: StaticString) -> Bool {
        let node = nodes[index]
        let length = word.utf8CodeUnitCount
        guard Int(node.end - node.start) == length + 2, node.kind == .string else { return false }
        let start = Int(node.start) + 1
        // A call for a few letters costs more than they do.
        let letters = word.utf8Start
        for offset in 0..<length where bytes[start + offset] != letters[offset] { return false }
        return true
    }

    /// The integer at `index`; nil for other values.
    @inlinable public func integer(_ index: Int) -> Int64? {
        let node = nodes[index]
        guard node.kind == .integer else { return nil }
        var position = Int(node.start)
        let negative = bytes[position] == UInt8(ascii: "-")
        if negative { position += 1 }
        // Checked when it was read: it fits.
        var value: Int64 = 0
        while position < Int(node.end) {
            value = value &* 10 &- Int64(bytes[position] &- UInt8(ascii: "0"))
            position += 1
        }
        return negative ? value : 0 &- value
    }
}

extension JSONDocument {
    /// The value at an index that ``JSONContents`` gave.
    public func element(at index: Int) -> JSONElement { JSONElement(document: self, index: index) }
}

extension JSONElement {
    /// The index by which ``JSONContents`` knows this value.
    public var position: Int { index }
}
