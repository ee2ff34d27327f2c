import DeviceAuth
import Snaps

/// One device's snaps as an operator is shown them.
public struct SnapDeviceStatus: Equatable, Sendable {
    public let device: DeviceID
    public let model: DeviceModel.Claim?
    public let serial: String?
    public let architecture: String?
    public let hashes: SnapHashes?
    /// Nil before the first list.
    public let installed: [SnapName]?
    /// What the model requires and the last list does not show, in the order of the requirements.
    public let missing: [SnapName]
    /// The last request to install what is required, with its outcome.
    public let required: RequiredInstall?
    /// Whether a new list was asked for and is awaited.
    public let awaitsList: Bool
    public let openOrders: Int
    /// Seconds since 1970; 0 when the device was never seen.
    public let lastSeen: Int64
}
