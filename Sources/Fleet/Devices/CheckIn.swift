import UpdateTree

/// What a device said about itself in one request. The outer nil of a member means "not said: keep".
public struct CheckIn: Equatable, Sendable {
    public var tag: Tag??
    public var target: String??
    public var ostreeHash: String??
    public var apps: [String]?

    /// Merges it into what is known.
    public func apply(to state: inout DeviceState) {
        if let tag { state.tag = tag }
        if let target { state.targetName = target }
        if let ostreeHash { state.ostreeHash = ostreeHash }
        if let apps { state.apps = apps }
    }
}

/// The part of a device's row that the device itself sets: what is written behind.
public struct CheckInRecord: Sendable {
    public let state: DeviceState
    /// Seconds since 1970.
    public let lastSeen: Int64
    public let contactHours: ContactHours
}
