import DeviceAuth
import Snaps

/// What an operator ordered one device's agent to do, and how that went.
public struct SnapOrder: Equatable, Sendable {
    /// How an order ended.
    public struct Outcome: Equatable, Sendable {
        public enum Kind: String, Sendable {
            case succeeded, failed
            /// The device did not answer in time.
            case expired
        }

        public let kind: Kind
        /// The agent's words, mostly snapd's.
        public let message: String
        /// JSON text of the agent's result; nil when it gave none.
        public let result: String?
        /// Seconds since 1970.
        public let at: Int64

        public init(kind: Kind, message: String, result: String?, at: Int64) {
            self.kind = kind
            self.message = message
            self.result = result
            self.at = at
        }
    }

    public let device: DeviceID
    public let action: SnapAction
    public let snap: SnapName?
    /// What the action takes besides; a text whose meaning is the action's.
    public let data: String?
    /// Who ordered it.
    public let by: String
    /// Seconds since 1970.
    public let createdAt: Int64
    public var request: SentRequest
    public var outcome: Outcome?

    public var id: String { request.id }

    /// Seconds in which a device must have answered.
    public static let lifetime: Int64 = 7 * 86_400
    /// Open ones of one device.
    public static let mostOpen = 32
    /// Ended ones of one device; older ones go.
    public static let mostKept = 200
    /// Bytes of `data`.
    public static let longestData = 16 << 10

    public init(
        device: DeviceID, action: SnapAction, snap: SnapName?, data: String?, by: String, createdAt: Int64, request: SentRequest,
        outcome: Outcome? = nil
    ) {
        self.device = device
        self.action = action
        self.snap = snap
        self.data = data
        self.by = by
        self.createdAt = createdAt
        self.request = request
        self.outcome = outcome
    }

    func isExpired(at now: Int64) -> Bool { now >= createdAt + Self.lifetime }

    func expired(at now: Int64) -> SnapOrder {
        var order = self
        order.outcome = Outcome(
            kind: .expired, message: "the device did not answer within \(Self.lifetime / 86_400) days; order it again", result: nil,
            at: now)
        return order
    }

    var message: SnapRequest { SnapRequest(id: id, action: action, snap: snap?.text, data: data) }
}
