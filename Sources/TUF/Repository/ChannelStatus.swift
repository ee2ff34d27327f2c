/// What there is in a channel, for people and scripts.
public struct ChannelStatus: Encodable, Sendable {
    public struct Key: Encodable, Sendable {
        public let id: String
        public let method: String
        /// Whether its private half is here.
        public let isHere: Bool
    }

    public struct Role: Encodable, Sendable {
        public let role: String
        public let threshold: Int
        public let keys: [Key]
    }

    public struct Tally: Encodable, Sendable {
        /// The version of the root whose keys must sign.
        public let root: Int64
        public let threshold: Int
        public let missing: Int
        public let signed: [String]
        public let unsigned: [String]
    }

    public struct Pending: Encodable, Sendable {
        public let version: Int64
        public let file: String
        public let tallies: [Tally]
    }

    public let firstRoot: Int64?
    public let newestRoot: Int64?
    public let rootExpires: String?
    public let roles: [Role]
    public let pending: Pending?
    /// The highest version given out for each tag.
    public let targetsVersions: [String: Int64]
    public let snapshotVersion: Int64
    public let timestampVersion: Int64
    /// What should be mended, with the remedy.
    public let problems: [String]
}
