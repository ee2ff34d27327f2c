/// Why the fleet refused something.
public struct FleetError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        case deviceUnknown = "device-unknown"
        case deviceDenied = "device-denied"
        case deviceDeleted = "device-deleted"
        case deviceNotRegistered = "device-not-registered"
        case deviceKeyChanged = "device-key-changed"
        case headerInvalid = "check-in-header-invalid"
        case reportInvalid = "report-invalid"
        /// A name, a group or a label that cannot be used.
        case attributeInvalid = "attribute-invalid"
        case filterInvalid = "filter-invalid"
        case configurationInvalid = "configuration-invalid"
        /// No such configuration file, or no such version.
        case configurationUnknown = "configuration-unknown"
        /// Waits until an operator accepts it.
        case devicePending = "device-pending"
        case deviceRejected = "device-rejected"
        case rolloutConflict = "rollout-conflict"
        case rolloutUnknown = "rollout-unknown"
        case rolloutInvalid = "rollout-invalid"
        case updateUnknown = "update-unknown"
        case updateAssigned = "update-assigned"
        case storage = "storage-failed"
    }

    public let code: Code
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { "\(code.rawValue): \(message)" }
}
