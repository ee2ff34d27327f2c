import Foundation

/// Where the upstream server's gateway listens: `https://HOST:PORT`, nothing behind it.
public struct UpstreamAddress: Hashable, Sendable, CustomStringConvertible {
    /// Without a slash at the end.
    public let text: String

    public init(_ text: String) throws(SiteSyncError) {
        let trimmed = text.hasSuffix("/") ? String(text.dropLast()) : text
        guard trimmed.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), let parts = URLComponents(string: trimmed), parts.scheme == "https",
            let host = parts.host, !host.isEmpty, parts.path.isEmpty, parts.query == nil, parts.fragment == nil, parts.user == nil,
            parts.password == nil, parts.port.map({ (1...65_535).contains($0) }) ?? true
        else {
            throw SiteSyncError(.addressInvalid, "\(text.debugDescription) is no upstream; write https://HOST:PORT")
        }
        self.text = trimmed
    }

    public var description: String { text }
}
