import AsyncHTTPClient
import FileTree
import NIOCore
import NIOHTTP1
import Synchronization
import UpdateTree

/// The files of one update of the upstream server.
public final class UpstreamUpdate: TransferSource {
    private let client: SiteClient
    private let key: UpdateKey
    private let count = Atomic<Int64>(0)

    init(client: SiteClient, key: UpdateKey) {
        self.client = client
        self.key = key
    }

    /// Bytes of content that came so far.
    public var bytes: Int64 { count.load(ordering: .relaxed) }

    public func small(_ path: String, limit: Int) async throws -> [UInt8] {
        let bytes = try await client.whole(url(path), limit: limit)
        count.add(Int64(bytes.count), ordering: .relaxed)
        return bytes
    }

    /// Goes on after every cut, behind the last byte that came, as long as anything comes.
    public func fetch(_ file: Inventory.File, from offset: Int64, into target: Descriptor) async throws {
        var part = PartWriter(target, offset: offset)
        var tag: String?
        try await client.retrying { progress in
            while part.offset < file.size {
                let before = part.offset
                do {
                    try await attempt(file, &part, &tag)
                } catch {
                    try await part.flush()
                    progress.came(part.offset - before)
                    throw error
                }
            }
        }
    }

    private func attempt(_ file: Inventory.File, _ part: inout PartWriter, _ tag: inout String?) async throws {
        let path = url(file.path)
        var fields: [(String, String)] = []
        if part.offset > 0 {
            fields.append(("Range", "bytes=\(part.offset)-"))
            if let tag { fields.append(("If-Range", tag)) }
        }
        let response = try await client.get(path, fields)
        let changed = tag != nil && response.headers.first(name: "ETag") != tag
        tag = response.headers.first(name: "ETag").flatMap { $0.hasPrefix("W/") ? nil : $0 }
        switch response.status {
        case .ok: try await part.restart()
        case .partialContent:
            guard response.headers.first(name: "Content-Range") == "bytes \(part.offset)-\(file.size - 1)/\(file.size)" else {
                throw SiteSyncError(.answerInvalid, "\(client.address) sends another part of \(path) than was asked for")
            }
            if changed {
                // What came before is of another file.
                try await part.restart()
                return
            }
        default: throw await client.refusal(response, path)
        }
        try await receive(response, file, path, &part)
    }

    private func receive(_ response: HTTPClientResponse, _ file: Inventory.File, _ path: String, _ part: inout PartWriter) async throws {
        let wanted = file.size - part.offset
        if let announced = response.headers.first(name: "Content-Length"), announced != "\(wanted)" {
            throw SiteSyncError(.answerInvalid, "\(client.address) announces \(announced.prefix(20)) bytes of \(path) and not \(wanted)")
        }
        var received: Int64 = 0
        try await client.read(response) { buffer in
            received += Int64(buffer.readableBytes)
            guard received <= wanted else {
                throw SiteSyncError(.answerInvalid, "\(client.address) sends more of \(path) than the \(wanted) bytes that are left")
            }
            count.add(Int64(buffer.readableBytes), ordering: .relaxed)
            try await part.append(buffer)
        }
        try await part.flush()
        guard received == wanted else {
            throw SiteSyncError(.unreachable, "\(path) ended after \(received) of \(wanted) bytes")
        }
    }

    private func url(_ path: String) -> String {
        let hex = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "/"):
                bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), hex[Int(byte >> 4)], hex[Int(byte & 15)]]
            }
        }
        return "/site/v1/updates/\(key.path)/content/\(String(decoding: bytes, as: UTF8.self))"
    }
}
