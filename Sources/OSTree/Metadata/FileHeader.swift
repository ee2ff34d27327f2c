import Glibc

/// What an archive repository's `.filez` says before the compressed content.
struct FileHeader {
    /// Bytes of the content when it is inflated.
    let size: UInt64
    /// Nil for a regular file.
    let target: String?
    /// What the checksum covers in the header's stead: length, padding, and the header without the size.
    let hashed: [UInt8]

    /// Size, owner, group, mode, device (unused), target of a symlink, extended attributes.
    private static let layout: [VariantType] = [.uint64, .uint32, .uint32, .uint32, .uint32, .string, ExtendedAttributes.type]
    /// Before the header stand its length, big-endian, and four zero bytes.
    static let prefixLength = 8
    /// All attributes of a file; the kernel takes 64 KiB each.
    static let longest = 16 << 20
    private static let sizeLength = 8

    /// Reads the length from the first bytes of a `.filez` of `fileSize` bytes.
    static func length(_ prefix: [UInt8], fileSize: Int64) throws(OSTreeError) -> Int {
        guard prefix.count >= prefixLength else { throw OSTreeError(.contentTruncated, "it ends within its header") }
        let length = prefix[..<4].reduce(0) { $0 << 8 | Int($1) }
        guard prefix[4..<8].allSatisfy({ $0 == 0 }), length <= longest else {
            throw OSTreeError(.headerInvalid, "its first bytes are not those of a file object")
        }
        guard Int64(prefixLength + length) <= fileSize else {
            throw OSTreeError(.headerInvalid, "its header of \(length) bytes is longer than the file")
        }
        return length
    }

    init(_ bytes: [UInt8]) throws(OSTreeError) {
        let variant = VariantBytes(bytes)
        let parts = try variant.members(of: variant.all, Self.layout)
        size = variant.bigEndian(parts[0])
        let mode = variant.bigEndian(parts[3])
        let target = try variant.string(parts[5])
        // No device is an object: ostree takes the number for zero when it computes the checksum.
        guard variant.bigEndian(parts[4]) == 0 else { throw OSTreeError(.headerInvalid, "its header names a device") }
        switch mode & ~0o7777 {
        case UInt64(S_IFREG):
            guard target.isEmpty else { throw OSTreeError(.headerInvalid, "its header makes it a file, and a link to somewhere") }
            self.target = nil
        case UInt64(S_IFLNK):
            guard !target.isEmpty, size == 0 else {
                throw OSTreeError(.headerInvalid, "its header makes it a link to nowhere, or with content")
            }
            self.target = target
        default: throw OSTreeError(.modeInvalid, "the mode 0\(String(mode, radix: 8)) is neither a file's nor a symlink's")
        }
        try ExtendedAttributes.require(variant, parts[6])
        hashed = Self.withoutSize(bytes, targetEnd: parts[5].upperBound, attributesEnd: parts[6].upperBound)
    }

    /// The header that ostree hashes, `(uuuusa(ayay))`: eight bytes shorter, so its one offset is smaller by eight, and
    /// perhaps fewer bytes long.
    private static func withoutSize(_ bytes: [UInt8], targetEnd: Int, attributesEnd: Int) -> [UInt8] {
        let body = bytes[sizeLength..<attributesEnd]
        let width = [1, 2, 4].first { VariantBytes.offsetWidth(body.count + $0) <= $0 } ?? 8
        let length = body.count + width
        var hashed: [UInt8] = []
        hashed.reserveCapacity(prefixLength + length)
        for shift in [24, 16, 8, 0] { hashed.append(UInt8(truncatingIfNeeded: length >> shift)) }
        hashed.append(contentsOf: [0, 0, 0, 0])
        hashed.append(contentsOf: body)
        for index in 0..<width { hashed.append(UInt8(truncatingIfNeeded: (targetEnd - sizeLength) >> (8 * index))) }
        return hashed
    }
}
