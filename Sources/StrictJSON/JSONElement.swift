/// One value of a document.
public struct JSONElement: Sendable {
    public let document: JSONDocument
    let index: Int

    private var node: JSONNode { document.nodes[index] }

    /// Where the value lies in the document's bytes.
    public var range: Range<Int> { Int(node.start)..<Int(node.end) }
    public var irregularities: Irregularities { node.irregularities }

    public var string: String? {
        guard node.kind == .string else { return nil }
        let raw = document.bytes[Int(node.start) + 1..<Int(node.end) - 1]
        guard node.irregularities.contains(.escapes) else { return String(decoding: raw, as: UTF8.self) }
        return String(decoding: JSONText.decode(raw), as: UTF8.self)
    }

    public var integer: Int64? {
        guard node.kind == .integer else { return nil }
        return Int64(String(decoding: document.bytes[range], as: UTF8.self))
    }

    public var bool: Bool? { node.kind == .bool ? node.count == 1 : nil }
    public var isNull: Bool { node.kind == .null }
    public var isObject: Bool { node.kind == .object }
    public var isArray: Bool { node.kind == .array }
    /// How many elements or members it has.
    public var count: Int { isObject || isArray ? Int(node.count) : 0 }

    /// The member `name` of an object. Names are compared by their bytes, not by Unicode equivalence.
    public subscript(name: StaticString) -> JSONElement? {
        guard isObject else { return nil }
        let wanted = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        var position = index + 1
        for _ in 0..<count {
            let key = document.nodes[position]
            let raw = document.bytes[Int(key.start) + 1..<Int(key.end) - 1]
            let matches =
                key.irregularities.contains(.escapes) ? JSONText.decode(raw).elementsEqual(wanted) : raw.elementsEqual(wanted)
            if matches { return JSONElement(document: document, index: position + 1) }
            position = Int(document.nodes[position + 1].next)
        }
        return nil
    }

    /// The members of an object in their order in the file; nil for other values.
    public var members: [(name: String, value: JSONElement)]? {
        guard isObject else { return nil }
        var members: [(name: String, value: JSONElement)] = []
        members.reserveCapacity(count)
        var position = index + 1
        for _ in 0..<count {
            let name = JSONElement(document: document, index: position).string ?? ""
            members.append((name, JSONElement(document: document, index: position + 1)))
            position = Int(document.nodes[position + 1].next)
        }
        return members
    }

    /// The elements of an array; nil for other values.
    public var elements: [JSONElement]? {
        guard isArray else { return nil }
        var elements: [JSONElement] = []
        elements.reserveCapacity(count)
        var position = index + 1
        for _ in 0..<count {
            elements.append(JSONElement(document: document, index: position))
            position = Int(document.nodes[position].next)
        }
        return elements
    }

    /// The value with all it holds, free of the document.
    public var value: JSONValue {
        switch node.kind {
        case .null: .null
        case .bool: .bool(node.count == 1)
        case .integer: .integer(integer ?? 0)
        case .string: .string(string ?? "")
        case .array: .array((elements ?? []).map(\.value))
        case .object: .object((members ?? []).map { ($0.name, $0.value.value) })
        }
    }
}
