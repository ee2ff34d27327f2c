/// The text form of assertions. Source: snapd, `asserts`, "assertion serialization".
extension Assertion {
    /// Reads one assertion after the other, as `.assert` files hold them: with blank lines between.
    ///
    /// - Throws: ``SnapsError/Code/assertionMalformed``, also when there is none or more than ``most``.
    public static func stream(_ bytes: [UInt8]) throws(SnapsError) -> [Assertion] {
        var reader = AssertionReader(bytes)
        var assertions: [Assertion] = []
        while let next = try reader.next() {
            guard assertions.count < most else { throw malformed("there are more than \(most) in one file") }
            assertions.append(next)
        }
        guard !assertions.isEmpty else { throw malformed("it is empty") }
        return assertions
    }
}

/// Takes one assertion after the other off a stream.
struct AssertionReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    mutating func next() throws(SnapsError) -> Assertion? {
        rest = rest.drop { $0 == UInt8(ascii: "\n") }
        guard !rest.isEmpty else { return nil }
        let start = rest
        guard let head = takeBlock(), head.count <= Assertion.longestHeaders else {
            throw Assertion.malformed("its headers do not end within \(Assertion.longestHeaders) bytes")
        }
        let headers = try Self.headers(head)
        let body = try takeBody(of: headers["body-length"])
        let content = start.prefix(head.count + (body.isEmpty ? 0 : 2 + body.count))
        guard let signature = takeSignature(), signature.count <= Assertion.longestSignature, !signature.isEmpty,
            let text = String(validating: signature, as: UTF8.self)
        else { throw Assertion.malformed("it has no signature") }
        return try Assertion(headers: headers, body: Array(body), signature: text, content: Array(content))
    }

    /// Up to the next blank line, which is dropped.
    private mutating func takeBlock() -> ArraySlice<UInt8>? {
        guard let end = Self.blankLine(in: rest) else { return nil }
        let block = rest[rest.startIndex..<end]
        rest = rest[(end + 2)...]
        return block
    }

    private mutating func takeBody(of length: String?) throws(SnapsError) -> ArraySlice<UInt8> {
        guard let length else { return [] }
        guard let count = Int(length), (0...Assertion.longestBody).contains(count) else {
            throw Assertion.malformed("its body-length is not 0 to \(Assertion.longestBody)")
        }
        guard count > 0 else { return [] }
        guard rest.count >= count + 2, rest.dropFirst(count).starts(with: "\n\n".utf8) else {
            throw Assertion.malformed("its body is not as long as body-length says")
        }
        let body = rest.prefix(count)
        rest = rest.dropFirst(count + 2)
        return body
    }

    private mutating func takeSignature() -> ArraySlice<UInt8>? {
        let end = Self.blankLine(in: rest) ?? rest.endIndex
        var signature = rest[rest.startIndex..<end]
        while signature.last == UInt8(ascii: "\n") { signature.removeLast() }
        rest = rest[end...]
        return signature
    }

    private static func blankLine(in bytes: ArraySlice<UInt8>) -> Int? {
        var wasEnd = false
        for index in bytes.indices {
            let isEnd = bytes[index] == UInt8(ascii: "\n")
            if isEnd, wasEnd { return index - 1 }
            wasEnd = isEnd
        }
        return nil
    }

    private static func headers(_ block: ArraySlice<UInt8>) throws(SnapsError) -> [String: String] {
        var headers: [String: String] = [:]
        // The header whose text goes on in lines that are indented by four spaces.
        var open: String?
        for line in block.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            guard let text = String(validating: line, as: UTF8.self) else { throw Assertion.malformed("its headers are not UTF-8") }
            if line.first == UInt8(ascii: " ") {
                if let name = open, text.hasPrefix("    "), !text.dropFirst(4).hasPrefix("-") {
                    let before = headers[name] ?? ""
                    headers[name] = before + (before.isEmpty ? "" : "\n") + text.dropFirst(4)
                }
                continue
            }
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex else {
                throw Assertion.malformed("a line of its headers has no name")
            }
            let name = String(decoding: line[line.startIndex..<colon], as: UTF8.self)
            guard name.utf8.allSatisfy(isNameByte) else { throw Assertion.malformed("\(name.prefix(40).debugDescription) names no header") }
            let value = line[(colon + 1)...]
            if value.isEmpty {
                open = name
                continue
            }
            guard value.first == UInt8(ascii: " ") else { throw Assertion.malformed("the header \(name) has no space before its value") }
            guard headers.updateValue(String(decoding: value.dropFirst(), as: UTF8.self), forKey: name) == nil else {
                throw Assertion.malformed("the header \(name) stands there twice")
            }
            open = nil
        }
        return headers
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte) || byte == UInt8(ascii: "-")
    }
}
