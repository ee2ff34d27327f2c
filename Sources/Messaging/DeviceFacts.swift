import DeviceAuth

/// What the messaging asks the fleet about a device.
public struct DeviceFacts: Sendable {
    let seen: @Sendable (DeviceID) -> Bool
    let isDevice: @Sendable (DeviceID) -> Bool
    let serial: @Sendable (DeviceID) -> String?
    let owner: @Sendable (_ word: String) -> DeviceID?

    /// - Parameters:
    ///   - seen: notes the contact of a device; false when it is unknown or denied, and is to be ignored.
    ///   - isDevice: whether a device of that identity is known, without noting a contact.
    ///   - serial: what the fleet knows of a device's serial.
    ///   - owner: whom an operator gave the serial that this is the word of.
    public init(
        seen: @escaping @Sendable (DeviceID) -> Bool, isDevice: @escaping @Sendable (DeviceID) -> Bool,
        serial: @escaping @Sendable (DeviceID) -> String?, owner: @escaping @Sendable (_ word: String) -> DeviceID?
    ) {
        self.seen = seen
        self.isDevice = isDevice
        self.serial = serial
        self.owner = owner
    }
}
