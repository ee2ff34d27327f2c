/// What the server asks of a device's agent. The same id may come again: it is the same request.
public struct SnapRequest: Codable, Equatable, Sendable {
    public let id: String
    public let action: SnapAction
    public let snap: String?
    /// What the action takes besides, as a text; its meaning is the action's.
    public let data: String?
    /// Of ``SnapAction/requiredInstall``: in the order in which they are to be installed.
    public let snaps: [RequiredSnap]?

    public init(id: String, action: SnapAction, snap: String? = nil, data: String? = nil) {
        self.id = id
        self.action = action
        self.snap = snap
        self.data = data
        snaps = nil
    }

    public init(id: String, required snaps: [RequiredSnap]) {
        self.id = id
        action = .requiredInstall
        snap = nil
        data = nil
        self.snaps = snaps
    }

    public var json: [UInt8] { JSONText.encode(self) }
}
