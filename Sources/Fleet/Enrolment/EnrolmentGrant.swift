import DeviceAuth
import Snaps

/// What a device gets that enrols. The private key is in no other place.
public struct EnrolmentGrant: Sendable {
    public let record: EnrolmentRecord
    public let assertions: DeviceAssertions
    public let credentials: DeviceCredentials
}
