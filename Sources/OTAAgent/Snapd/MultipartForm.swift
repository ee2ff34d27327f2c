import FileTree
import NIOCore
import SoftwareAgent

/// A form with files, as bytes that are read from the disk while they are sent.
struct MultipartForm: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    enum Piece: Sendable {
        case text(String)
        case file(Descriptor, size: Int64)

        var length: Int64 {
            switch self {
            case .text(let text): Int64(text.utf8.count)
            case .file(_, let size): size
            }
        }
    }

    let boundary: String
    private let pieces: [Piece]

    private static let pieceSize = 256 << 10

    init(_ uploads: [SnapUpload], fields: [SnapdCall.FormField], in directory: Directory) throws(SoftwareAgentError) {
        // 32 random digits do not occur in a file by chance.
        boundary = (0..<4).map { _ in String(UInt32.random(in: UInt32.max / 2...UInt32.max), radix: 16) }.joined()
        var pieces: [Piece] = []
        for field in fields {
            pieces.append(.text("--\(boundary)\r\nContent-Disposition: form-data; name=\"\(field.name)\"\r\n\r\n\(field.value)\r\n"))
        }
        for upload in uploads {
            let head =
                "Content-Disposition: form-data; name=\"snap\"; filename=\"\(upload.name)\"\r\nContent-Type: application/octet-stream"
            pieces.append(.text("--\(boundary)\r\n\(head)\r\n\r\n"))
            pieces.append(try Self.open(upload.file, in: directory))
            pieces.append(.text("\r\n"))
        }
        pieces.append(.text("--\(boundary)--\r\n"))
        self.pieces = pieces
    }

    private static func open(_ name: String, in directory: Directory) throws(SoftwareAgentError) -> Piece {
        do throws(FileTreeError) {
            let file = try directory.openFile(name)
            return .file(file, size: try file.status().size)
        } catch {
            throw SoftwareAgentError(.storage, error.message)
        }
    }

    /// Bytes.
    var length: Int64 { pieces.reduce(0) { $0 + $1.length } }

    struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var pieces: ArraySlice<Piece>
        private var offset: Int64 = 0

        fileprivate init(_ pieces: [Piece]) { self.pieces = pieces[...] }

        mutating func next() async throws -> ByteBuffer? {
            while let piece = pieces.first {
                switch piece {
                case .text(let text):
                    pieces.removeFirst()
                    return ByteBuffer(string: text)
                case .file(let file, let size):
                    let count = Int(Swift.min(Int64(MultipartForm.pieceSize), size - offset))
                    let bytes = try file.read(count: count, at: offset)
                    if count > 0, bytes.count == count {
                        offset += Int64(count)
                        return ByteBuffer(bytes: bytes)
                    }
                    pieces.removeFirst()
                    offset = 0
                }
            }
            return nil
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(pieces) }
}
