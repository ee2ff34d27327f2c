/// A part of the update tree that a site may read: one tag of a channel, or every tag of it.
///
/// ```swift
/// let grant = try SiteGrant("ci/main")
/// grant.covers(channel: .ci, tag: "main")  // true
/// try SiteGrant("prod/*").covers(channel: .prod, tag: "anything")  // true
/// ```
///
/// In a certificate it is a URI among the subject's alternative names: `otaserve:site:ci/main`.
public struct SiteGrant: Hashable, Sendable {
    public enum Channel: String, Hashable, Sendable, CaseIterable {
        case ci
        case prod
    }

    public enum Tags: Hashable, Sendable {
        case every
        /// Of the form `[A-Za-z0-9][A-Za-z0-9_.+-]{0,79}`.
        case only(String)
    }

    public let channel: Channel
    public let tags: Tags

    /// How many grants one certificate holds at most.
    public static let mostInCertificate = 64
    /// The longest tag, in bytes.
    static let longestTag = 80

    /// Reads `<channel>/<tag>`, the tag `*` for every tag of the channel.
    ///
    /// - Throws: ``DeviceAuthError`` with code ``DeviceAuthError/Code/siteGrantInvalid``.
    public init(_ text: some StringProtocol) throws(DeviceAuthError) {
        // By bytes: a slash with a combining mark behind it is one character, and no separator.
        let parts = Array(text.utf8).split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count == 2, let channel = Channel.allCases.first(where: { $0.rawValue.utf8.elementsEqual(parts[0]) }),
            let tags = Self.tags(parts[1])
        else {
            throw DeviceAuthError(
                .siteGrantInvalid,
                "\(quoted(text)) is nothing a site can be granted: write ci/TAG or prod/TAG, with '*' as the tag for every tag"
            )
        }
        self.channel = channel
        self.tags = tags
    }

    public func covers(channel: Channel, tag: String) -> Bool {
        guard channel == self.channel else { return false }
        switch tags {
        case .every: return true
        case .only(let only): return only.utf8.elementsEqual(tag.utf8)
        }
    }

    private static func tags(_ bytes: ArraySlice<UInt8>) -> Tags? {
        if bytes.elementsEqual("*".utf8) { return .every }
        guard let first = bytes.first, first.isASCIILetterOrDigit, bytes.count <= longestTag,
            bytes.allSatisfy({ $0.isASCIILetterOrDigit || "_.+-".utf8.contains($0) })
        else { return nil }
        return .only(String(decoding: bytes, as: UTF8.self))
    }
}

extension SiteGrant: CustomStringConvertible {
    /// As ``init(_:)`` reads it.
    public var description: String {
        switch tags {
        case .every: "\(channel.rawValue)/*"
        case .only(let tag): "\(channel.rawValue)/\(tag)"
        }
    }
}
