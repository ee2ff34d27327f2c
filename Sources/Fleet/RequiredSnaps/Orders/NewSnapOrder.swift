import Snaps

/// An order as an operator gives it, checked before it is stored.
public struct NewSnapOrder: Equatable, Sendable {
    public let action: SnapAction
    public let snap: SnapName?
    public let data: String?

    /// - Throws: ``FleetError/Code/snapOrderInvalid``.
    public init(action: SnapAction, snap: SnapName?, data: String?) throws(FleetError) {
        guard action.isForOperators else {
            throw FleetError(.snapOrderInvalid, "\(action.rawValue) is the server's own; require the snap of the device's model instead")
        }
        guard !action.needsSnap || snap != nil else {
            throw FleetError(.snapOrderInvalid, "\(action.rawValue) needs the name of a snap")
        }
        if let data, data.utf8.count > SnapOrder.longestData {
            throw FleetError(.snapOrderInvalid, "data has at most \(SnapOrder.longestData) bytes")
        }
        self.action = action
        self.snap = snap
        self.data = data
    }
}
