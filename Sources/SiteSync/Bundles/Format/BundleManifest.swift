import DeviceAuth
import Foundation
import UpdateTree

/// `bundle.json`: what a bundle is. Its bytes are what the sender signs.
public struct BundleManifest: Codable, Equatable, Sendable {
    public static let currentFormat = "otaserve-bundle/1"
    static let largest = 16 << 20
    static let mostUpdates = 10_000

    public struct Update: Codable, Equatable, Sendable {
        public let channel: Channel
        public let tag: Tag
        public let name: UpdateName
        /// `sha256:` of the inventory's text.
        public let inventory: String
        public let files: Int
        /// Of all its files, whether the bundle carries them or not.
        public let bytes: Int64

        public var key: UpdateKey { UpdateKey(channel: channel, tag: tag, name: name) }
    }

    /// Files and their bytes.
    public struct Amount: Codable, Equatable, Sendable {
        public var files = 0
        public var bytes: Int64 = 0
    }

    public let format: String
    /// RFC 3339 in UTC.
    public let madeAt: String
    /// The name in the certificate that signs.
    public let madeBy: String
    /// Whom it is for; nil for any site.
    public let site: String?
    public let updates: [Update]
    /// Content under `content/`.
    public let content: Amount
    /// Content that the updates have and the bundle has not: the receiver has it. Listed in the file `left-out`.
    public let leftOut: Amount
    /// `sha256:` of the file `checksums`.
    public let checksums: String
    /// The number of the site's last report that came to the sender.
    public let acknowledgedReport: Int64?

    func document() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self) + Data("\n".utf8))
    }

    init(parsing bytes: [UInt8]) throws(BundleError) {
        let manifest: BundleManifest
        do {
            manifest = try JSONDecoder().decode(BundleManifest.self, from: Data(bytes))
        } catch {
            throw BundleError(.malformed, "bundle.json cannot be read; copy the bundle again, or have it made anew")
        }
        guard manifest.format == Self.currentFormat else {
            throw BundleError(
                .malformed, "the bundle is not in the format \(Self.currentFormat); use the same release here and where it was made")
        }
        guard manifest.updates.count <= Self.mostUpdates, Set(manifest.updates.map(\.key)).count == manifest.updates.count else {
            throw BundleError(.malformed, "the bundle names an update twice, or more than \(Self.mostUpdates); have it made anew")
        }
        self = manifest
    }

    init(
        madeAt: Int64, madeBy: String, site: SiteName?, updates: [Update], content: Amount, leftOut: Amount, checksums: Digest,
        acknowledgedReport: Int64?
    ) {
        format = Self.currentFormat
        self.madeAt = Date(timeIntervalSince1970: TimeInterval(madeAt)).formatted(.iso8601)
        self.madeBy = madeBy
        self.site = site?.text
        self.updates = updates
        self.content = content
        self.leftOut = leftOut
        self.checksums = checksums.description
        self.acknowledgedReport = acknowledgedReport
    }
}
