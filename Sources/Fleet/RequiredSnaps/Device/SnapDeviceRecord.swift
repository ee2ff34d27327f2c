import DeviceAuth
import Snaps

/// What is kept of one device's snaps beyond the list itself.
public struct SnapDeviceRecord: Equatable, Sendable {
    public let device: DeviceID
    public var hashes: SnapHashes?
    /// Of the snaps in the last list, sorted; nil before the first list.
    public var names: [SnapName]?
    public var model: DeviceModel
    /// Such as `amd64`.
    public var architecture: String?
    public var required: RequiredInstall?

    public init(
        device: DeviceID, hashes: SnapHashes? = nil, names: [SnapName]? = nil, model: DeviceModel = DeviceModel(),
        architecture: String? = nil, required: RequiredInstall? = nil
    ) {
        self.device = device
        self.hashes = hashes
        self.names = names
        self.model = model
        self.architecture = architecture
        self.required = required
    }
}
