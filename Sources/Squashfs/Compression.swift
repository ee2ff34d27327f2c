/// By what the blocks of an image are compressed. Source: squashfs 4.0, superblock, field `compression`.
enum Compression: UInt16 {
    case gzip = 1
    case xz = 4
    case zstd = 6

    /// - Throws: ``SquashfsError/Code/compressionUnsupported``.
    init(of number: UInt16) throws(SquashfsError) {
        guard let known = Compression(rawValue: number) else {
            let name = [2: "lzma", 3: "lzo", 5: "lz4"][number] ?? "number \(number)"
            throw SquashfsError(
                .compressionUnsupported,
                "the image is compressed by \(name), which is not read here (gzip, xz and zstd are); say what the snap is by flags")
        }
        self = known
    }
}
