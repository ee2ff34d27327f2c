import Crypto
import FileTree

/// The digest of a file, read in pieces.
enum FileDigest {
    private static let piece = 256 << 10

    static func of(_ file: Descriptor) throws(FileTreeError) -> Digest { Digest(try hashed(file, SHA256())) }

    static func hashed<Hash: HashFunction>(_ file: Descriptor, _ start: Hash) throws(FileTreeError) -> Hash.Digest {
        var hash = start
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: piece, alignment: 16)
        defer { buffer.deallocate() }
        var offset: Int64 = 0
        while true {
            let count = try file.read(into: buffer, at: offset)
            hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            offset += Int64(count)
            if count < piece { break }
        }
        return hash.finalize()
    }
}

extension Digest {
    /// The digest that was computed.
    public init(_ digest: SHA256Digest) {
        let digits = Array("0123456789abcdef".utf8)
        var hex: [UInt8] = []
        hex.reserveCapacity(64)
        for byte in digest {
            hex.append(digits[Int(byte >> 4)])
            hex.append(digits[Int(byte & 15)])
        }
        self.init(checkedHex: String(decoding: hex, as: UTF8.self))
    }

    public init(of bytes: some Sequence<UInt8>) { self.init(SHA256.hash(data: Array(bytes))) }
}
