/// A commit: which tree it is, and what was said when it was made.
public struct Commit: Equatable, Sendable {
    public let checksum: Checksum
    public let parent: Checksum?
    public let subject: String
    public let body: String
    /// Seconds since 1970.
    public let timestamp: UInt64
    /// The metadata entries that are text, `version` for one.
    public let annotations: [String: String]
    /// The `.dirtree` of the root.
    public let tree: Checksum
    /// The `.dirmeta` of the root.
    public let meta: Checksum

    /// Metadata, parent, related objects (unused), subject, body, timestamp, root tree, root's metadata.
    private static let layout: [VariantType] = [
        .array(entry), .bytes, .array(.tuple([.string, .bytes])), .string, .string, .uint64, .bytes, .bytes,
    ]
    static let type = VariantType.tuple(layout)
    private static let entry = VariantType.tuple([.string, .variant])

    /// Reads the content of a `.commit` whose checksum was compared already.
    public init(_ bytes: [UInt8], checksum: Checksum) throws(OSTreeError) {
        let variant = VariantBytes(bytes)
        try variant.requireNormal(variant.all, Self.type)
        let parts = try variant.members(of: variant.all, Self.layout)
        self.checksum = checksum
        parent = parts[1].isEmpty ? nil : try variant.checksum(parts[1])
        subject = try variant.string(parts[3])
        body = try variant.string(parts[4])
        timestamp = variant.bigEndian(parts[5])
        tree = try variant.checksum(parts[6])
        meta = try variant.checksum(parts[7])
        var annotations: [String: String] = [:]
        try variant.elements(of: parts[0], Self.entry) { place throws(OSTreeError) in
            let pair = try variant.members(of: place, [.string, .variant])
            // The value, a NUL, and its type.
            guard bytes[pair[1]].suffix(2).elementsEqual([0, UInt8(ascii: "s")]) else { return }
            annotations[try variant.string(pair[0])] = try variant.string(pair[1].dropLast(2))
        }
        self.annotations = annotations
    }
}

extension VariantBytes {
    /// The checksum at `range`: exactly 32 bytes.
    func checksum(_ range: Range<Int>) throws(OSTreeError) -> Checksum {
        guard range.count == Checksum.byteCount, let checksum = Checksum(bytes, at: range.lowerBound) else {
            throw OSTreeError(.checksumMalformed, "the checksum at byte \(range.lowerBound) has \(range.count) bytes, not 32")
        }
        return checksum
    }
}
