import UpdateTree

/// What a path below `/site/` names.
enum SiteRoute: Equatable {
    case updates
    case inventory(UpdateKey)
    case content(UpdateKey, SitePath)
    case report

    static let prefix: StaticString = "/site/"

    /// Nil when the path names nothing.
    init?(target: String) {
        let path = Route.parts(of: target).path
        if path == "/site/v1/report" {
            self = .report
        } else if path == "/site/v1/updates" {
            self = .updates
        } else if let rest = Route.rest(of: path, after: "/site/v1/updates/") {
            self.init(update: rest)
        } else {
            return nil
        }
    }

    /// `<channel>/<tag>/<name>/inventory` or `<channel>/<tag>/<name>/content/<path>`.
    private init?(update rest: Substring) {
        guard let text = PercentDecoding.decode(rest) else { return nil }
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), maxSplits: 4, omittingEmptySubsequences: false).map(Substring.init)
        guard parts.count >= 4, let channel = Channel(rawValue: String(parts[0])), let tag = try? Tag(parts[1]),
            let name = try? UpdateName(parts[2])
        else { return nil }
        let key = UpdateKey(channel: channel, tag: tag, name: name)
        switch (parts[3], parts.count) {
        case ("inventory", 4): self = .inventory(key)
        case ("content", 5):
            guard let path = SitePath(String(parts[4])) else { return nil }
            self = .content(key, path)
        default: return nil
        }
    }
}
