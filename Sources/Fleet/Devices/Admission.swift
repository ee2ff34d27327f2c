import DeviceAuth
import UpdateTree

/// Who may register by making contact.
public enum RegistrationPolicy: String, Codable, Sendable, CaseIterable {
    /// Every device with a valid certificate.
    case open
    /// Only devices that an operator registered beforehand.
    case preregistered
}

/// What a contact leads to. A pure decision; the registry carries it out.
public enum Admission: Equatable, Sendable {
    case admitted
    /// First contact: store the device and pin its key, then it is admitted.
    case register
    /// Known, but its key is new and may be pinned.
    case pin
    case refused(FleetError)

    public static func decide(
        identity: DeviceIdentity, known state: DeviceState?, policy: RegistrationPolicy
    ) -> Admission {
        guard let state else {
            switch policy {
            case .open: return .register
            case .preregistered:
                return .refused(
                    FleetError(
                        .deviceNotRegistered,
                        "the device \(identity.id) is not registered; register it with otaserve devices preregister"))
            }
        }
        if state.isDeleted {
            return .refused(
                FleetError(.deviceDeleted, "the device \(state.id) was deleted; undeny it to let it register again"))
        }
        if state.isDenied {
            return .refused(FleetError(.deviceDenied, "the device \(state.id) is denied; undeny it to serve it again"))
        }
        guard let pinned = state.key else { return .pin }
        if pinned == identity.key { return .admitted }
        if state.allowsNewKey { return .pin }
        return .refused(
            FleetError(
                .deviceKeyChanged,
                "the device \(state.id) came with another key than before; if that is right, run otaserve devices allow-key \(state.id)"
            ))
    }
}
