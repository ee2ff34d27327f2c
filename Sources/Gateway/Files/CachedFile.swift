import Crypto
import FileTree
import Foundation
import NIOCore
import UpdateTree

/// An open file of an update with the answers to it, ready to be sent.
// Unchecked: immutable but for `checkedAt`, which the cache of one event loop alone reads and writes.
final class CachedFile: @unchecked Sendable {
    let descriptor: Descriptor
    let status: FileStatus
    let representation: Representation
    /// The content, held for metadata only; it is hashed anyway.
    let bytes: ByteBuffer?
    /// The loop's clock when it was last found unchanged.
    var checkedAt: NIODeadline

    private static let largestMetadata = 8 << 20
    private static let largestManifest: Int64 = 64 << 10

    /// Opens the file below `updates/`. May wait for a disk unless `cachedOnly`.
    ///
    /// - Parameter content: what devices know the file as; nil for one that they never ask for.
    init(_ path: String, of content: Content?, in updates: Directory, cachedOnly: Bool, now: NIODeadline) throws(FileTreeError) {
        descriptor = try updates.openFile(path, cachedOnly: cachedOnly)
        status = try descriptor.status()
        guard status.kind == .file else { throw FileTreeError(.notFound, "\(path) is not a plain file") }
        checkedAt = now
        var fields = [("last-modified", HTTPDate.text(status.modifiedSeconds))]
        var bytes: ByteBuffer?
        let etag: String
        var type = "application/octet-stream"
        switch content {
        case .metadata:
            let content = try Self.contents(of: descriptor, size: status.size, cachedOnly: cachedOnly)
            let digest = SHA256.hash(data: content).hex
            bytes = ByteBuffer(bytes: content)
            etag = "\"\(digest)\""
            type = "application/json"
            fields.append(("x-ats-role-checksum", digest))
        case .object(let path):
            etag = Self.digest(of: path).map { "\"\($0)\"" } ?? Self.tag(of: status)
        case .blob(let digest):
            etag = "\"\(digest)\""
            if status.size <= Self.largestManifest {
                type = Self.mediaType(try Self.contents(of: descriptor, size: status.size, cachedOnly: cachedOnly)) ?? type
            }
            fields.append(("docker-content-digest", digest.description))
        case nil:
            etag = Self.tag(of: status)
        }
        self.bytes = bytes
        representation = Representation(etag: etag, size: status.size, fields: fields + [("content-type", type)])
    }

    /// The answers to it under a name that is the digest of its content.
    func representation(digest: String) -> Representation {
        let fields = [("last-modified", HTTPDate.text(status.modifiedSeconds)), ("content-type", "application/octet-stream")]
        return Representation(etag: "\"\(digest)\"", size: status.size, fields: fields)
    }

    private static func contents(
        of file: Descriptor, size: Int64, cachedOnly: Bool
    ) throws(FileTreeError) -> [UInt8] {
        guard cachedOnly else { return try file.contents(limit: largestMetadata) }
        guard size <= largestMetadata else {
            throw FileTreeError(.tooLarge, "a metadata file has \(size) bytes, more than \(largestMetadata)")
        }
        var bytes = [UInt8](repeating: 0, count: Int(size))
        let isWhole = size == 0 || bytes.withUnsafeMutableBytes { file.readCached(into: $0, at: 0) } != nil
        guard isWhole else { throw FileTreeError(.notCached, "a file is not in the page cache") }
        return bytes
    }

    /// Whether the file at `path` is still this one.
    func isCurrent(_ path: String, in updates: Directory) -> Bool { updates.status(path) == status }

    /// An object's name is the digest of what it holds: `objects/xx/<62 digits>.<kind>`.
    private static func digest(of path: ObjectPath) -> String? {
        guard path.text.hasPrefix("objects/") else { return nil }
        let name = path.text.dropFirst(8)
        return "\(name.prefix(2))\(name.dropFirst(3))"
    }

    private static func tag(of status: FileStatus) -> String {
        "\"\(String(status.inode, radix: 16))-\(String(status.changed, radix: 16))-\(String(status.size, radix: 16))\""
    }

    private struct Manifest: Decodable { let mediaType: String }

    /// What a manifest says it is; nil for blobs that are none.
    private static func mediaType(_ bytes: [UInt8]) -> String? {
        guard bytes.first == UInt8(ascii: "{"),
            let type = try? JSONDecoder().decode(Manifest.self, from: Data(bytes)).mediaType, type.utf8.count <= 128,
            type.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { return nil }
        return type
    }
}
