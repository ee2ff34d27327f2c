/// Which pool: the snaps that all updates of a channel and tag share. Its directory is `updates/<channel>/<tag>/_snaps`.
public struct SnapPoolKey: Hashable, Codable, Sendable, CustomStringConvertible {
    public let channel: Channel
    public let tag: Tag

    /// No update can have this name: those begin with a letter or a digit.
    static let folder = "_snaps"

    public init(channel: Channel, tag: Tag) {
        self.channel = channel
        self.tag = tag
    }

    /// The directory, relative to `updates/`.
    public var path: String { "\(channel.rawValue)/\(tag.text)/\(Self.folder)" }
    public var description: String { path }
}
