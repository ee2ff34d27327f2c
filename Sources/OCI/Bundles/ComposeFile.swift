/// The images that a compose file names.
///
/// No YAML is read: lines are searched for the key `image` and a digest behind it. That sees everything that
/// publishing an app writes, which is one `image:` to a line with the digest pinned. What it cannot see are references
/// that are put together (anchors, variables, values on the next line); those count as unpinned.
struct ComposeFile {
    static let largest = 1 << 20

    private(set) var images: [BlobDigest] = []
    /// What stands behind `image:` where there is no digest.
    private(set) var unpinned: [String] = []

    init(_ bytes: [UInt8]) {
        for line in bytes.split(whereSeparator: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) {
            let text = Substring(decoding: line, as: UTF8.self).drop { $0 == " " || $0 == "\t" }
            guard !text.hasPrefix("#") else { continue }
            // In flow style several may stand in a line.
            var rest = text
            while let value = Self.afterKey(&rest) { add(value) }
        }
    }

    private mutating func add(_ value: Substring) {
        var reference = value.prefix { !" \t,\"'".contains($0) }
        // What closes a variable belongs to the reference, what closes a mapping does not.
        func count(_ brace: Character) -> Int { reference.count { $0 == brace } }
        while reference.hasSuffix("}"), count("}") > count("{") { reference.removeLast() }
        if let at = reference.lastIndex(of: "@"), let digest = BlobDigest(reference[reference.index(after: at)...]) {
            if !images.contains(digest) { images.append(digest) }
        } else {
            unpinned.append(String(reference.prefix(200)))
        }
    }

    /// Takes everything up to the next key `image` and its colon off `text`, and returns what follows, without a quote.
    private static func afterKey(_ text: inout Substring) -> Substring? {
        var before: Character?
        while !text.isEmpty {
            let isKeyStart = before.map { " \t{,\"'".contains($0) } ?? true
            if isKeyStart, text.hasPrefix("image") {
                let rest = text.dropFirst(5).drop { "\"' \t".contains($0) }
                if rest.hasPrefix(":") {
                    text = rest.dropFirst()
                    return text.drop { "\"' \t".contains($0) }
                }
            }
            before = text.removeFirst()
        }
        return nil
    }
}
