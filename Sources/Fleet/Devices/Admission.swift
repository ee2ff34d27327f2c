import DeviceAuth
import UpdateTree

/// Who may register by making contact.
public enum RegistrationPolicy: String, Codable, Sendable, CaseIterable {
    /// Every device with a valid certificate.
    case open
    /// Whom an operator accepts; until then a device waits.
    case queue
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
    /// Not let in: store that it tried, then refuse it.
    case wait
    case refused(FleetError)

    /// - Parameters:
    ///   - registration: what is known of the device's wish to be registered, when it is no device yet.
    ///   - now: seconds since 1970.
    public static func decide(
        identity: DeviceIdentity, known state: DeviceState?, registration: Registration? = nil, policy: RegistrationPolicy, now: Int64
    ) -> Admission {
        guard let state else { return first(identity, registration, policy, now) }
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

    private static func first(
        _ identity: DeviceIdentity, _ registration: Registration?, _ policy: RegistrationPolicy, _ now: Int64
    ) -> Admission {
        // What an operator rejected stays rejected, whatever the policy is by now.
        if let registration, registration.isRejected || policy == .queue {
            // A clock that was put back is no reason to write at every contact.
            let isNoted = abs(now - registration.lastTry) < Registration.noteEvery
            return isNoted ? .refused(refusal(of: registration)) : .wait
        }
        switch policy {
        case .open: return .register
        case .queue: return .wait
        case .preregistered:
            return .refused(
                FleetError(
                    .deviceNotRegistered,
                    "the device \(identity.id) is not registered; register it with otaserve devices preregister"))
        }
    }

    static func refusal(of registration: Registration) -> FleetError {
        registration.isRejected
            ? FleetError(
                .deviceRejected,
                "the device \(registration.id) was rejected; to let it in all the same, run otactl registrations accept \(registration.id)")
            : FleetError(
                .devicePending,
                "the device \(registration.id) waits to be accepted; run otactl registrations accept \(registration.id)")
    }
}
