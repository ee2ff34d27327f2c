import DeviceAuth

/// What can be done to many devices at once. A pure decision per device; the registry carries it out.
public enum BulkAction: Equatable, Sendable {
    case deny
    /// Lifts a denial or a deletion.
    case undeny
    case delete
    case change(AttributeChange)
    /// Names every device by a pattern; nil takes the names away.
    case rename(NamePattern?)

    /// What the fleet's log says of it.
    var note: FleetNote.Kind {
        switch self {
        case .deny: .denied
        case .undeny: .undenied
        case .delete: .deleted
        case .change, .rename: .changed
        }
    }

    /// The state that the action leaves behind; the same one when there is nothing to do.
    ///
    /// Throws `.deviceUnknown` for a deleted device, unless the action is one for those.
    public func after(_ state: DeviceState) throws(FleetError) -> DeviceState {
        var next = state
        switch self {
        case .undeny:
            next.isDenied = false
            next.isDeleted = false
            return next
        case .delete:
            return state.isDeleted
                ? state : DeviceState(id: state.id, isDeleted: true, channel: state.channel, createdAt: state.createdAt)
        case .deny, .change, .rename: break
        }
        guard !state.isDeleted else { throw FleetError(.deviceUnknown, "there is no device \(state.id); see the list of devices") }
        switch self {
        case .deny: next.isDenied = true
        case .change(let change): try change.apply(to: &next)
        case .rename(let pattern): next.name = try pattern?.name(of: state.id)
        case .undeny, .delete: break
        }
        return next
    }
}

/// A name for many devices: `{uuid}` in it stands for the uuid of each.
public struct NamePattern: Equatable, Sendable {
    public let text: String

    private static let placeholder = "{uuid}"

    /// Throws `.attributeInvalid` when the pattern can make no name, or makes the same one for all.
    public init(_ text: String) throws(FleetError) {
        guard text.contains(Self.placeholder) else {
            throw FleetError(.attributeInvalid, "many devices cannot have one name; write \(Self.placeholder) where the uuid is to stand")
        }
        _ = try DeviceName(text.replacing(Self.placeholder, with: "x"))
        self.text = text
    }

    func name(of id: DeviceID) throws(FleetError) -> DeviceName { try DeviceName(text.replacing(Self.placeholder, with: id.text)) }
}
