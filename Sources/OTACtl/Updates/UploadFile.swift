import Foundation
import NIOCore

/// An archive on this machine that is sent piece by piece.
struct UploadFile: Sendable {
    let path: String
    let size: Int64
    /// The same for the same file and update, so that a second run goes on where the first was cut.
    let id: String

    private static let piece = 256 << 10

    init(path: String, for update: String) throws {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard let attributes, attributes[.type] as? FileAttributeType == .typeRegular, let size = attributes[.size] as? Int64,
            let modified = attributes[.modificationDate] as? Date
        else {
            throw ControlError(.usage, "file-unusable", "\(path) is no file; name a tar, tar.gz or tar.zst")
        }
        self.path = path
        self.size = size
        let words = "\(update) \(size) \(Int64(modified.timeIntervalSince1970 * 1000))"
        id =
            words.utf8.reduce(into: UInt64(14_695_981_039_346_656_037)) { hash, byte in
                // FNV-1a: it names an upload and protects nothing.
                hash = (hash ^ UInt64(byte)) &* 1_099_511_628_211
            }.description + "-upload"
    }

    func bytes(from offset: Int64) -> AsyncThrowingStream<ByteBuffer, any Error> {
        let path = path
        return AsyncThrowingStream(unfolding: { [reader = Reader()] in try reader.next(path, from: offset, piece: Self.piece) })
    }

    // Unchecked: the stream asks for one piece after the other.
    private final class Reader: @unchecked Sendable {
        private var handle: FileHandle?

        func next(_ path: String, from offset: Int64, piece: Int) throws -> ByteBuffer? {
            let open: FileHandle
            if let handle {
                open = handle
            } else {
                guard let made = FileHandle(forReadingAtPath: path) else {
                    throw ControlError(.usage, "file-unusable", "\(path) cannot be read")
                }
                try made.seek(toOffset: UInt64(offset))
                handle = made
                open = made
            }
            guard let data = try open.read(upToCount: piece), !data.isEmpty else { return nil }
            return ByteBuffer(bytes: data)
        }
    }
}
