/// One thing of the system that ends some day.
public struct Expiry: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case root
        case targets
        case snapshot
        case timestamp
        case bundleTargets = "bundle-targets"
        case authority
        case serverCertificate = "server-certificate"
        case deviceCertificate = "device-certificate"
        case revocationList = "revocation-list"
        case token
    }

    public let kind: Kind
    /// What ends: an update, a file, a device, a token's id.
    public let subject: String
    /// Seconds since 1970.
    public let at: Int64
    /// How it is kept from ending: what the operator does, or that the server does it by itself.
    public let remedy: String
    /// Whether the server renews it in time: nobody needs to be told.
    public let renewsItself: Bool

    public init(_ kind: Kind, subject: String, at: Int64, remedy: String, renewsItself: Bool = false) {
        self.kind = kind
        self.subject = subject
        self.at = at
        self.remedy = remedy
        self.renewsItself = renewsItself
    }
}

extension Sequence<Expiry> {
    /// What ends first comes first.
    public func soonestFirst() -> [Expiry] {
        sorted { ($0.at, $0.kind.rawValue, $0.subject) < ($1.at, $1.kind.rawValue, $1.subject) }
    }
}
