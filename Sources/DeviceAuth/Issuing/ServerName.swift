import SwiftASN1
import X509

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A name under which devices reach the server: a DNS name, with `*.` in front if need be, or an IP address.
public struct ServerName: Hashable, Sendable {
    /// DNS names are lower-case.
    public let text: String
    let generalName: GeneralName

    /// - Throws: ``DeviceAuthError`` with code ``DeviceAuthError/Code/dnsNameInvalid``.
    public init(_ text: String) throws(DeviceAuthError) {
        if let address = Self.address(text) {
            self.init(address: address)
        } else if Self.isDNSName(text) {
            self.init(text: text.lowercased(), generalName: .dnsName(text.lowercased()))
        } else {
            throw DeviceAuthError(
                .dnsNameInvalid,
                "\(quoted(text)) is neither a DNS name nor an IP address: give the name devices use to reach this server"
            )
        }
    }

    /// The name in a certificate request, checked like any other.
    init(_ name: GeneralName) throws(DeviceAuthError) {
        switch name {
        case .dnsName(let text):
            try self.init(text)
        case .ipAddress(let address) where [4, 16].contains(address.bytes.count):
            self.init(address: Array(address.bytes))
        default:
            throw DeviceAuthError(
                .requestRefused,
                "the request asks for a name that is neither DNS nor IP: leave it out of subjectAltName")
        }
    }

    private init(address: [UInt8]) {
        self.init(text: Self.text(of: address), generalName: .ipAddress(ASN1OctetString(contentBytes: address[...])))
    }

    private init(text: String, generalName: GeneralName) {
        self.text = text
        self.generalName = generalName
    }

    private static func isDNSName(_ text: String) -> Bool {
        let name = text.hasPrefix("*.") ? text.dropFirst(2) : text[...]
        let labels = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard text.utf8.count <= 253, let last = labels.last else { return false }
        // An all-numeric last label is a mistyped address.
        guard !last.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return false }
        return labels.allSatisfy { label in
            guard let first = label.first, let last = label.last, label.count <= 63 else { return false }
            return first.isASCIILetterOrDigit && last.isASCIILetterOrDigit
                && label.allSatisfy { $0.isASCIILetterOrDigit || $0 == UInt8(ascii: "-") }
        }
    }

    private static func address(_ text: String) -> [UInt8]? {
        guard !text.utf8.contains(0) else { return nil }
        for (family, length) in [(AF_INET, 4), (AF_INET6, 16)] {
            var bytes = [UInt8](repeating: 0, count: length)
            if inet_pton(family, text, &bytes) == 1 { return bytes }
        }
        return nil
    }

    private static func text(of address: [UInt8]) -> String {
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = address.count == 4 ? AF_INET : AF_INET6
        guard inet_ntop(family, address, &buffer, socklen_t(buffer.count)) != nil else {
            return Hexadecimal.text(address)
        }
        return String(decoding: buffer.prefix(while: { $0 != 0 }).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

extension ServerName: CustomStringConvertible {
    public var description: String { text }
}
