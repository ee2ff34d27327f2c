import DeviceAuth
import UpdateTree

/// What a bundle is to hold, and for whom.
public struct BundleOrder: Sendable {
    public var updates: [UpdateKey]
    /// Nil for any site.
    public var site: SiteName?
    /// What the receiver has; nil to carry everything.
    public var have: BundleHave?
    /// The number of the site's last report that came here.
    public var acknowledgedReport: Int64?

    public init(updates: [UpdateKey], site: SiteName? = nil, have: BundleHave? = nil, acknowledgedReport: Int64? = nil) {
        self.updates = updates
        self.site = site
        self.have = have
        self.acknowledgedReport = acknowledgedReport
    }
}

/// Where a bundle goes.
public enum BundleTarget: Sendable {
    /// A directory that does not exist yet, is empty, or holds a bundle that was not finished.
    case directory(path: String)
    /// A file that does not exist yet.
    case tar(path: String)

    func writer() throws -> any BundleWriter {
        switch self {
        case .directory(let path): try DirectoryBundleWriter(path: path)
        case .tar(let path): try TarBundleWriter(path: path)
        }
    }
}
