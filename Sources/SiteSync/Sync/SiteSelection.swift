import DeviceAuth
import UpdateTree

/// Which of the updates that the upstream lists a site takes: some tags, or everything its certificate lets it read.
public struct SiteSelection: Hashable, Sendable {
    /// Empty takes everything.
    public let tags: [SiteGrant]

    /// - Parameter tags: `ci/main` or `prod/*`.
    public init(_ tags: [String] = []) throws(DeviceAuthError) {
        var grants: [SiteGrant] = []
        for tag in tags { grants.append(try SiteGrant(tag)) }
        self.tags = grants
    }

    func includes(_ key: UpdateKey) -> Bool {
        tags.isEmpty || tags.contains { $0.includes(key) }
    }

    /// The selected tags of which nothing is listed: not granted, misspelt, or empty.
    func unmatched(by updates: [ListedUpdate]) -> [String] {
        tags.filter { grant in !updates.contains { grant.includes($0.key) } }.map(\.description)
    }
}

extension SiteGrant {
    fileprivate func includes(_ key: UpdateKey) -> Bool { covers(channel: key.channel == .ci ? .ci : .prod, tag: key.tag.text) }
}
