import Foundation

/// A port of this machine that somebody listens on.
final class TakenPort {
    let address: String
    private let number: Int32

    init() throws {
        let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.number = number
        var place = sockaddr_in()
        place.sin_family = sa_family_t(AF_INET)
        place.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &place) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(number, $0, size) == 0 && listen(number, 1) == 0 && getsockname(number, $0, &size) == 0
            }
        }
        address = "127.0.0.1:\(UInt16(bigEndian: place.sin_port))"
        guard isBound else { throw POSIXError(.EADDRINUSE) }
    }

    deinit { close(number) }

    /// An address that nobody listens on any more.
    static func freeAddress() throws -> String { try TakenPort().address }
}
