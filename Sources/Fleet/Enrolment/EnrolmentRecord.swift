import DeviceAuth
import Snaps
import UpdateTree

/// A device that an operator registered for enrolment, and what became of it.
public struct EnrolmentRecord: Equatable, Sendable {
    public enum State: Equatable, Sendable {
        case waiting
        /// - Parameters:
        ///   - at: of the first answer; seconds since 1970.
        ///   - deviceKey: the key that the device showed in its serial assertion.
        case enrolled(at: Int64, deviceKey: SnapDigest)
    }

    public let subject: EnrolmentSubject
    /// The common name of the certificate that it gets.
    public let device: DeviceID
    public let organization: OrganizationName
    public let channel: Channel
    /// When an operator registered it, or reset it; seconds since 1970.
    public var registeredAt: Int64
    public var state: State

    /// How long a device may wait, in seconds: seven days.
    public static let window: Int64 = 7 * 86_400
    /// How long after its enrolment a device that did not get the answer may ask again, in seconds: ten minutes.
    public static let repeatWindow: Int64 = 600

    public init(
        _ subject: EnrolmentSubject, device: DeviceID, organization: OrganizationName, channel: Channel, registeredAt: Int64,
        state: State = .waiting
    ) {
        self.subject = subject
        self.device = device
        self.organization = organization
        self.channel = channel
        self.registeredAt = registeredAt
        self.state = state
    }

    /// Until when it may enrol; seconds since 1970.
    public var expires: Int64 { registeredAt + Self.window }
}
