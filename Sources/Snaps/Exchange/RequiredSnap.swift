/// One snap of a required-install request, with where the device gets it from.
public struct RequiredSnap: Codable, Equatable, Sendable {
    /// Where a snap comes from.
    public enum Source: String, Codable, Sendable {
        /// The device's own update.
        case update
        /// The pool of its channel and tag.
        case pool
        /// Whatever store the device's snapd knows, by name.
        case store
    }

    public let name: SnapName
    /// Of the requirement, such as `latest/stable`; nil for the store's default.
    public let channel: String?
    /// The part of the channel before its slash, for agents that ask for it alone.
    public let track: String?
    public let classic: Bool
    public let source: Source
    /// Set for a file of the server: `GET /snaps/<sha3-384>.snap` and `….assert`.
    public let revision: SnapRevision?
    public let digest: SnapDigest?
    /// Bytes.
    public let size: Int64?
    /// Set for a file of the server; the order in which several are installed.
    public let kind: SnapKind?

    enum CodingKeys: String, CodingKey {
        case name, channel, track, classic, source, revision, size
        case digest = "sha3-384"
        case kind = "type"
    }

    /// One by name, from the store.
    public init(name: SnapName, channel: String?, isClassic: Bool) {
        self.name = name
        self.channel = channel
        track = Self.track(of: channel)
        classic = isClassic
        source = .store
        revision = nil
        digest = nil
        size = nil
        kind = nil
    }

    /// One as a file of the server.
    public init(_ file: SnapFile, from source: Source, channel: String?, isClassic: Bool) {
        name = file.name
        self.channel = channel
        track = Self.track(of: channel)
        classic = isClassic || file.isClassic
        self.source = source
        revision = file.revision
        digest = file.digest
        size = file.size
        kind = file.kind
    }

    private static func track(of channel: String?) -> String? {
        guard let channel, channel.contains("/") else { return nil }
        return channel.split(separator: "/").first.map(String.init)
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decode(SnapName.self, forKey: .name)
        channel = try container.decodeIfPresent(String.self, forKey: .channel)
        track = try container.decodeIfPresent(String.self, forKey: .track)
        classic = try container.decodeIfPresent(Bool.self, forKey: .classic) ?? false
        digest = try container.decodeIfPresent(SnapDigest.self, forKey: .digest)
        // Without a digest there is no file to fetch. Words of a later server must not cost the request.
        let source = (try? container.decodeIfPresent(Source.self, forKey: .source)) ?? .update
        self.source = digest == nil ? .store : source
        revision = try? container.decodeIfPresent(SnapRevision.self, forKey: .revision)
        size = try container.decodeIfPresent(Int64.self, forKey: .size)
        kind = try? container.decodeIfPresent(SnapKind.self, forKey: .kind)
    }
}
