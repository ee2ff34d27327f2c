import Hummingbird
import NIOCore

/// What is known of a request beside its bytes: who sent it.
struct EnrolmentContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// What requests are counted by: an IPv4 address, or the network of an IPv6 address.
    let origin: String

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        origin = Self.origin(of: source.channel.remoteAddress)
    }

    static func origin(of address: SocketAddress?) -> String {
        guard case .v6(let address) = address else { return address?.ipAddress ?? "" }
        let bytes = withUnsafeBytes(of: address.address.sin6_addr) { Array($0) }
        // An IPv4 address in the form of IPv6 (::ffff:a.b.c.d) is one machine; else whoever has one address has 2^64 of them.
        let isMapped = bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10...11].allSatisfy { $0 == 0xFF }
        return (isMapped ? bytes[...] : bytes.prefix(8)).map { String($0, radix: 16) }.joined(separator: ":")
    }
}
