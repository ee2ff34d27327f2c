import DeviceAuth
import UpdateTree

extension SiteReport {
    /// A device as its site knows it.
    public struct Device: Codable, Equatable, Sendable {
        public let uuid: DeviceID
        public let isProd: Bool
        public let tag: Tag?
        public let updateName: UpdateName?
        public let targetName: String?
        public let ostreeHash: String?
        /// Seconds since 1970; 0 when it was never seen.
        public let lastSeen: Int64
        public let denied: Bool

        public init(_ state: DeviceState, lastSeen: Int64) {
            uuid = state.id
            isProd = state.channel.isProduction
            tag = state.tag
            updateName = state.updateName
            targetName = state.targetName
            ostreeHash = state.ostreeHash
            self.lastSeen = lastSeen
            denied = state.isDenied
        }

        public var channel: Channel { Channel(isProduction: isProd) }

        /// The update that is assigned to it; nil without one.
        public var update: UpdateKey? {
            guard let tag, let updateName else { return nil }
            return UpdateKey(channel: channel, tag: tag, name: updateName)
        }

        /// What it says of itself is what a device could have said here too.
        var isWellFormed: Bool {
            lastSeen >= 0 && [targetName, ostreeHash].allSatisfy { $0.map(Self.isWord) ?? true }
        }

        private static func isWord(_ text: String) -> Bool {
            text.utf8.count <= CheckInHeaders.longestValue && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        }
    }
}
