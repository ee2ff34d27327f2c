import DeviceAuth
import OperatorAuth
import SiteSync

/// What the configuration says of the upstream server. Without `upstream` this is no site.
struct SiteSettings: Equatable {
    var upstream: UpstreamAddress?
    /// A directory; relative to the data directory unless absolute.
    var credentials: String?
    /// Seconds between two syncs; nil: only by command.
    var interval: Int64?
    /// Bytes per second.
    var rate: Int64?
    /// Empty: everything that the certificate lets the site read.
    var tags: [String] = []

    static let keys = ["upstream", "upstream-credentials", "sync-interval", "sync-rate", "sync-tags"]

    /// Takes one key of the configuration. Returns how to write the value when it cannot be used.
    mutating func set(_ key: String, to value: String) -> String? {
        switch key {
        case "upstream":
            guard let address = try? UpstreamAddress(value) else { return "write https://HOST:PORT" }
            upstream = address
        case "upstream-credentials":
            guard !value.isEmpty else { return "name the folder of otaserve pki issue-site" }
            credentials = value
        case "sync-interval":
            guard let lifetime = try? Lifetime(value), lifetime.seconds >= SyncSchedule.least.components.seconds else {
                return "write a time of a minute or more, such as 1h"
            }
            interval = lifetime.seconds
        case "sync-rate":
            guard let rate = ByteRate(argument: value) else { return "write bytes per second, 16KiB or more, such as 2MiB" }
            self.rate = rate.bytesPerSecond
        case "sync-tags":
            let tags = value.split(whereSeparator: { $0 == "," || $0 == " " }).map(String.init)
            guard !tags.isEmpty, (try? SiteSelection(tags)) != nil else { return "write CHANNEL/TAG, such as ci/main,prod/*" }
            self.tags = tags
        default: return "there is no such key"
        }
        return nil
    }

    func credentialsPath(datadir: String) -> String? {
        credentials.map { $0.hasPrefix("/") ? $0 : "\(datadir)/\($0)" }
    }
}
