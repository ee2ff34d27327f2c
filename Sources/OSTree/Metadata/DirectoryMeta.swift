import Glibc

/// Owner, mode and extended attributes of a directory.
enum DirectoryMeta {
    private static let layout: [VariantType] = [.uint32, .uint32, .uint32, ExtendedAttributes.type]

    /// Throws unless `bytes` are those of a `.dirmeta`.
    static func require(_ bytes: [UInt8]) throws(OSTreeError) {
        let variant = VariantBytes(bytes)
        let parts = try variant.members(of: variant.all, layout)
        let mode = variant.bigEndian(parts[2])
        guard mode & ~0o7777 == UInt64(S_IFDIR) else {
            throw OSTreeError(.modeInvalid, "the mode 0\(String(mode, radix: 8)) is not that of a directory")
        }
        try ExtendedAttributes.require(variant, parts[3])
    }
}
