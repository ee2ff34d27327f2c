import DeviceAuth

/// Where configuration files are set: for the whole fleet, for a group, or for one device.
///
/// A device gets the files of all three places; of two with the same name the nearer place's counts.
public enum ConfigurationPlace: Hashable, Sendable, CustomStringConvertible {
    case fleet
    case group(GroupName)
    case device(DeviceID)

    /// `fleet`, `group` or `device`.
    public var level: String {
        switch self {
        case .fleet: "fleet"
        case .group: "group"
        case .device: "device"
        }
    }

    /// For messages: such as `group oslo`.
    public var description: String {
        switch self {
        case .fleet: "fleet"
        case .group(let name): "group \(name)"
        case .device(let id): "device \(id)"
        }
    }
}
