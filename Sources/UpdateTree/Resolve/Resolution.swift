/// Which update a device gets, or why none: the first promise of the design in one function.
public enum Resolution: Equatable, Sendable {
    case update(UpdateKey)
    case noTag
    case notAssigned

    /// - Parameters:
    ///   - channel: from the certificate.
    ///   - tag: the device's tag, from its last check-in.
    ///   - assigned: the update name in the device's record, set by an admin.
    public init(channel: Channel, tag: Tag?, assigned: UpdateName?) {
        guard let assigned else {
            self = .notAssigned
            return
        }
        guard let tag else {
            self = .noTag
            return
        }
        self = .update(UpdateKey(channel: channel, tag: tag, name: assigned))
    }
}
