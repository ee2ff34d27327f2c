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
        case enrolmentInvalid = "enrolment-invalid"
        case enrolmentUnknown = "enrolment-unknown"
        /// The device was registered for enrolment before, or another one has its id.
        case enrolmentExists = "enrolment-exists"
        case enrolmentDone = "enrolment-done"
        case enrolmentExpired = "enrolment-expired"
        case filterInvalid = "filter-invalid"
        /// Devices cannot be sorted or counted by it.
        case attributeUnknown = "attribute-unknown"
        case configurationInvalid = "configuration-invalid"
        /// No such configuration file, or no such version.
        case configurationUnknown = "configuration-unknown"
        /// Waits until an operator accepts it.
        case devicePending = "device-pending"
        case deviceRejected = "device-rejected"
        /// A plan of a rollout that cannot be carried out.
        case planInvalid = "rollout-plan-invalid"
        case registrationUnknown = "registration-unknown"
        case registrationsFull = "registrations-full"
        /// A bulk action would change another number of devices than the caller confirmed.
        case countDiffers = "count-differs"
        case rolloutConflict = "rollout-conflict"
        case rolloutUnknown = "rollout-unknown"
        case rolloutInvalid = "rollout-invalid"
        case updateUnknown = "update-unknown"
        case updateAssigned = "update-assigned"
        case modelUnknown = "model-unknown"
        case requirementInvalid = "requirement-invalid"
        /// The model does not require such a snap.
        case requirementUnknown = "requirement-unknown"
        /// The device sends more at once than is taken.
        case deviceBusy = "device-busy"
        case snapOrderInvalid = "snap-order-invalid"
        /// The device has too many open orders.
        case snapOrdersFull = "snap-orders-full"
        /// The events behind a listener's last one are not kept any more.
        case lastEventIDGone = "last-event-id-gone"
        case storage = "storage-failed"
    }

    public let code: Code
    public let message: String
    /// Where in a filter's text the error stands, in characters from 1.
    public let position: Int?

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
        position = nil
    }

    init(_ code: Code, _ message: String, position: Int) {
        self.code = code
        self.message = message
        self.position = position
    }

    public var description: String { "\(code.rawValue): \(message)" }
}
