import Foundation
import Synchronization

/// A wire between a client and a broker that can be cut without a goodbye from either.
public final class Relay: Sendable {
    public let port: Int
    private let listener: Int32
    private let open = Mutex<[Int32]>([])

    public init(to broker: Int) throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var place = Self.place(0)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let number = listener
        let isListening = withUnsafeMutablePointer(to: &place) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(number, $0, size) == 0 && listen(number, 8) == 0 && getsockname(number, $0, &size) == 0
            }
        }
        guard isListening else { throw POSIXError(.EADDRINUSE) }
        port = Int(UInt16(bigEndian: place.sin_port))
        Thread.detachNewThread { [self] in accept(for: broker) }
    }

    /// Ends all connections that go through it, and takes no more.
    public func cut() {
        shutdown(listener, Int32(SHUT_RDWR))
        for number in open.withLock({ $0 }) { shutdown(number, Int32(SHUT_RDWR)) }
    }

    private func accept(for broker: Int) {
        while true {
            let client = Foundation.accept(listener, nil, nil)
            guard client >= 0 else { return }
            let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var place = Self.place(broker)
            let isConnected = withUnsafePointer(to: &place) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(server, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                }
            }
            guard isConnected else { return }
            open.withLock { $0 += [client, server] }
            for (from, to) in [(client, server), (server, client)] {
                Thread.detachNewThread { Self.copy(from, to) }
            }
        }
    }

    private static func copy(_ from: Int32, _ to: Int32) {
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = recv(from, &buffer, buffer.count, 0)
            guard count > 0, send(to, buffer, count, Int32(MSG_NOSIGNAL)) == count else { break }
        }
        shutdown(to, Int32(SHUT_RDWR))
    }

    private static func place(_ port: Int) -> sockaddr_in {
        var place = sockaddr_in()
        place.sin_family = sa_family_t(AF_INET)
        place.sin_port = in_port_t(UInt16(port).bigEndian)
        place.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return place
    }
}
