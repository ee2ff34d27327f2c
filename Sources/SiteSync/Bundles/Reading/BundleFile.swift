import FileTree
import UpdateTree

import struct Crypto.SHA256

/// One file of a bundle: a file of a directory, or a part of a tar.
struct BundleFile: Sendable {
    let file: Descriptor
    let offset: Int64
    /// Bytes.
    let size: Int64

    private static let piece: Int64 = 1 << 20

    func contents(limit: Int) throws -> [UInt8] {
        guard size <= limit else { throw BundleError(.malformed, "a file of the bundle has \(size) bytes, more than \(limit)") }
        return try file.read(count: Int(size), at: offset)
    }

    func digest() throws -> Digest {
        var hash = SHA256()
        try pieces(from: 0) { hash.update(data: $0) }
        return Digest(hash.finalize())
    }

    /// Appends what lies behind `start` to `target`.
    func append(from start: Int64, to target: Descriptor) throws {
        var end = start
        try pieces(from: start) { bytes in
            try target.write(bytes, at: end)
            end += Int64(bytes.count)
        }
    }

    private func pieces(from start: Int64, _ body: ([UInt8]) throws -> Void) throws {
        var done = start
        while done < size {
            let bytes = try file.read(count: Int(min(Self.piece, size - done)), at: offset + done)
            guard !bytes.isEmpty else { throw BundleError(.incomplete, "a file of the bundle became shorter; copy the bundle again") }
            try body(bytes)
            done += Int64(bytes.count)
        }
    }
}
