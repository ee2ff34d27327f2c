import DeviceAuth
import UpdateTree

/// Something that happened to a device and is no event of its own.
public struct FleetNote: Equatable, Sendable {
    public enum Kind: Equatable, Sendable {
        case enrolled
        case preregistered
        /// Another key took the place of the one before.
        case keyPinned
        case keyAllowed
        case denied
        case undenied
        case deleted
        /// Its name, group or labels.
        case changed
        /// Asked to be registered, and an operator said yes.
        case accepted
        case rejected
        case assigned(UpdateName?)
    }

    public let device: DeviceID
    public let kind: Kind

    public init(_ kind: Kind, _ device: DeviceID) {
        self.kind = kind
        self.device = device
    }

    /// The word of the log.
    public var word: String {
        switch kind {
        case .enrolled: "enrolled"
        case .preregistered: "preregistered"
        case .keyPinned: "key-pinned"
        case .keyAllowed: "key-allowed"
        case .denied: "denied"
        case .undenied: "undenied"
        case .deleted: "deleted"
        case .changed: "changed"
        case .accepted: "accepted"
        case .rejected: "rejected"
        case .assigned: "assigned"
        }
    }
}
