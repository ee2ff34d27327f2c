/// Which update: channel, tag and name. Its directory is `updates/<channel>/<tag>/<name>`.
public struct UpdateKey: Hashable, Codable, Sendable, CustomStringConvertible {
    public let channel: Channel
    public let tag: Tag
    public let name: UpdateName

    public init(channel: Channel, tag: Tag, name: UpdateName) {
        self.channel = channel
        self.tag = tag
        self.name = name
    }

    /// The directory, relative to `updates/`.
    public var path: String { "\(channel.rawValue)/\(tag.text)/\(name.text)" }
    public var description: String { path }
}
