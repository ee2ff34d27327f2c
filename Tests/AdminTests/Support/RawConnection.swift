import Dispatch
import Glibc

/// A connection whose bytes a test reads when it likes. Waiting happens on a thread of its own, so that the server's
/// tasks are never held up.
final class RawConnection: Sendable {
    struct Failure: Error { let message: String }

    private let descriptor: Int32
    private let queue = DispatchQueue(label: "raw-connection")
    private nonisolated(unsafe) var unread: [UInt8] = []  // touched on `queue` alone

    /// - Parameter address: as a server tells it: `http://127.0.0.1:1234` or `unix:/path`.
    init(to address: String) throws {
        let family = address.hasPrefix("unix:") ? AF_UNIX : AF_INET
        descriptor = socket(family, Int32(SOCK_STREAM.rawValue), 0)
        var patience = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        let result = family == AF_UNIX ? Self.connect(descriptor, unix: address.dropFirst(5)) : Self.connect(descriptor, tcp: address)
        guard result == 0 else { throw Failure(message: "cannot connect to \(address): \(String(cString: strerror(errno)))") }
    }

    deinit { Glibc.close(descriptor) }

    private static func connect(_ descriptor: Int32, tcp address: String) -> Int32 {
        var place = sockaddr_in()
        place.sin_family = sa_family_t(AF_INET)
        place.sin_port = (UInt16(address.split(separator: ":").last ?? "") ?? 0).bigEndian
        place.sin_addr.s_addr = inet_addr("127.0.0.1")
        return withUnsafePointer(to: &place) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    private static func connect(_ descriptor: Int32, unix path: Substring) -> Int32 {
        var place = sockaddr_un()
        place.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &place.sun_path) { $0.copyBytes(from: path.utf8.prefix(107)) }
        return withUnsafePointer(to: &place) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }

    func get(_ path: String, token: String? = nil, headers: [String] = []) {
        let lines = ["GET \(path) HTTP/1.1", "Host: x"] + (token.map { ["Authorization: Bearer \($0)"] } ?? []) + headers
        let request = lines.joined(separator: "\r\n") + "\r\n\r\n"
        write(request)
    }

    /// Writes as much as the server takes.
    func write(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// Everything up to and with `mark`.
    func read(until mark: String) async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { [self] in continuation.resume(with: Result { try take(Array(mark.utf8)) }) }
        }
    }

    /// Everything until the server closes.
    func readToEnd() async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { [self] in
                continuation.resume(
                    with: Result {
                        while try more() {}
                        return String(decoding: unread, as: UTF8.self)
                    })
            }
        }
    }

    private func take(_ mark: [UInt8]) throws -> String {
        var searched = 0
        while true {
            if let end = Self.end(of: mark, in: unread, from: searched) {
                defer { unread.removeSubrange(..<end) }
                return String(decoding: unread[..<end], as: UTF8.self)
            }
            searched = max(0, unread.count - mark.count + 1)
            guard try more() else { throw Failure(message: "closed before the mark, after: \(String(decoding: unread, as: UTF8.self))") }
        }
    }

    private static func end(of mark: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        guard bytes.count >= mark.count else { return nil }
        return bytes.withUnsafeBytes { bytes in
            var place = start
            while place + mark.count <= bytes.count, let last = memchr(bytes.baseAddress! + place, Int32(mark[0]), bytes.count - place) {
                place = bytes.baseAddress!.distance(to: UnsafeRawPointer(last))
                guard place + mark.count <= bytes.count else { return nil }
                if memcmp(bytes.baseAddress! + place, mark, mark.count) == 0 { return place + mark.count }
                place += 1
            }
            return nil
        }
    }

    private func more() throws -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count >= 0 else { throw Failure(message: "no bytes within 10 s, after: \(String(decoding: unread, as: UTF8.self))") }
        unread += buffer.prefix(count)
        return count > 0
    }
}
