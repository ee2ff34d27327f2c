/// How an archive is compressed, as its first bytes say; its name is never asked.
public enum Compression: String, CaseIterable, Sendable {
    case none, gzip, zstd

    static let gzipMagic: [UInt8] = [0x1F, 0x8B]
    static let zstdMagic: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD]
    static let longestMagic = zstdMagic.count

    public init(firstBytes: some Collection<UInt8>) {
        self =
            if firstBytes.starts(with: Self.gzipMagic) {
                .gzip
            } else if firstBytes.starts(with: Self.zstdMagic) {
                .zstd
            } else {
                .none
            }
    }
}
