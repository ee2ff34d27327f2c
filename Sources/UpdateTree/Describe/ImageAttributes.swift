/// What an operator says about an image that is to be described; whatever is nil is read out of the content.
public struct ImageAttributes: Sendable {
    /// The image's name without its version; the ref unless given. The target is `<name>-<version>`.
    public var name: String?
    /// The branch in the repository; needed when there are several.
    public var ref: String?
    public var version: String?
    public var hardwareID: String?
    /// App → `registry/factory/app@sha256:…`; the content's apps unless given.
    public var apps: [String: String]?

    public init() {}
}
