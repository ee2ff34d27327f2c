/// A JSON document that was read once and is looked at in place: the bytes, and where each value lies in them.
///
/// Refused, each with its own error: duplicate members, bytes after the value, nesting beyond 32, fractions,
/// exponents, `-0`, leading zeros, integers beyond 64 bits, invalid UTF-8, lone surrogates, raw control characters.
///
/// ```swift
/// let document = try JSONDocument(parsing: bytes)
/// let version = document.root["version"]?.integer
/// ```
///
/// Map: ``root`` and ``JSONElement`` to look around, ``withContents(_:)`` for loops over very many values.
public final class JSONDocument: Sendable {
    public let bytes: [UInt8]
    let nodes: [JSONNode]

    /// Bytes of a document; positions are kept in 32 bits.
    public static let largest = 1 << 30

    public init(parsing bytes: [UInt8]) throws(JSONError) {
        self.bytes = bytes
        nodes = try JSONScanner.scan(bytes)
    }

    public var root: JSONElement { JSONElement(document: self, index: 0) }

    /// The document without a retain per value. The contents are valid during `body` only.
    public func withContents<Value>(_ body: (borrowing JSONContents) throws -> Value) rethrows -> Value {
        try bytes.withUnsafeBufferPointer { bytes in
            try nodes.withUnsafeBufferPointer { nodes in try body(JSONContents(bytes: bytes, nodes: nodes)) }
        }
    }
}

/// One value: where it lies and what is special about its bytes.
@usableFromInline struct JSONNode: Sendable {
    @usableFromInline enum Kind: UInt8, Sendable { case null, bool, integer, string, array, object }

    @usableFromInline let kind: Kind
    @usableFromInline var irregularities: Irregularities
    /// For containers the count of elements or members, for booleans 0 or 1.
    @usableFromInline var count: UInt32
    @usableFromInline let start: UInt32
    @usableFromInline var end: UInt32
    /// The index of the first node behind this value.
    @usableFromInline var next: UInt32
}

/// In what the bytes of a value differ from the most compact, sorted form.
public struct Irregularities: OptionSet, Sendable {
    public let rawValue: UInt8
    @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Blanks between values.
    public static let space = Irregularities(rawValue: 1)
    /// Members that do not ascend by their bytes.
    public static let unsorted = Irregularities(rawValue: 2)
    /// Strings with a backslash.
    public static let escapes = Irregularities(rawValue: 4)
}
