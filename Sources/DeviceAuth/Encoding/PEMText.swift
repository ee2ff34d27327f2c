#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// PEM documents as files contain them: several in a row, explanatory text between them (RFC 7468, lax).
///
/// SwiftASN1's reader stops silently at a BEGIN line with a trailing blank. In a list of authorities or of
/// revocations a silent stop removes entries, so this reader refuses whatever looks like a boundary and is none.
enum PEMText {
    struct Block {
        let label: String
        let bytes: [UInt8]
    }

    struct Malformed: Error {
        let reason: String
    }

    static func contains(_ text: [UInt8]) -> Bool {
        lines(text).contains { $0.starts(with: begin) }
    }

    static func blocks(_ text: [UInt8]) throws(Malformed) -> [Block] {
        var blocks: [Block] = []
        var open: (label: ArraySlice<UInt8>, base64: [UInt8])?
        for line in lines(text) {
            if let current = open {
                if line.starts(with: end) {
                    guard label(of: line, after: end) == current.label else {
                        throw Malformed(reason: "an END line does not match its BEGIN line")
                    }
                    blocks.append(try block(current.label, current.base64))
                    open = nil
                } else if line.contains(UInt8(ascii: ":")) {
                    throw Malformed(reason: "a document has headers, it may be encrypted")
                } else {
                    open?.base64.append(contentsOf: line)
                }
            } else if line.starts(with: begin) {
                guard let label = label(of: line, after: begin) else {
                    throw Malformed(reason: "a BEGIN line does not end in five dashes")
                }
                open = (label, [])
            } else if line.starts(with: boundary) || line.starts(with: byteOrderMark) {
                throw Malformed(reason: "a line looks like a boundary and is none")
            }
        }
        guard open == nil else { throw Malformed(reason: "a document has no END line") }
        return blocks
    }

    static func text(label: String, bytes: some Sequence<UInt8>) -> String {
        let base64 = Data(bytes).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
        return "-----BEGIN \(label)-----\n\(base64)\n-----END \(label)-----\n"
    }

    private static let boundary = Array("-----".utf8)
    private static let begin = Array("-----BEGIN ".utf8)
    private static let end = Array("-----END ".utf8)
    private static let byteOrderMark: [UInt8] = [0xef, 0xbb, 0xbf]

    private static func lines(_ text: [UInt8]) -> [ArraySlice<UInt8>] {
        text.split(whereSeparator: { $0 == 0x0a || $0 == 0x0d }).map { line in
            var line = line.drop(while: isBlank)
            while let last = line.last, isBlank(last) { line.removeLast() }
            return line
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    private static func label(of line: ArraySlice<UInt8>, after prefix: [UInt8]) -> ArraySlice<UInt8>? {
        let rest = line.dropFirst(prefix.count)
        guard rest.suffix(boundary.count).elementsEqual(boundary) else { return nil }
        return rest.dropLast(boundary.count)
    }

    private static func block(_ label: ArraySlice<UInt8>, _ base64: [UInt8]) throws(Malformed) -> Block {
        guard let data = Data(base64Encoded: Data(base64)), !data.isEmpty else {
            throw Malformed(reason: "a document is not base64")
        }
        return Block(label: String(decoding: label, as: UTF8.self), bytes: [UInt8](data))
    }
}
