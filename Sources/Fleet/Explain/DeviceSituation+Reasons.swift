import UpdateTree

extension DeviceSituation {
    /// What stands between the device and an update, then how far it is. No slug stands twice for one rollout.
    var reasons: [Explanation.Reason] {
        guard let state else { return registration.map { [Self.reason(of: $0)] } ?? [] }
        if state.isDeleted { return [.init(.deviceDeleted, "the device was deleted; undeny it to let it register again")] }
        var reasons = ofDevice(state)
        if let membership { reasons += membership.reasons(for: state, at: now) }
        reasons += scheduled.map { $0.waiting(at: now) }
        reasons += exclusions.map { .init(.leftOut, "the rollout \($0.rollout) left the device out: \($0.reason.rawValue)") }
        return reasons + ofUpdate(state)
    }

    private static func reason(of registration: Registration) -> Explanation.Reason {
        registration.isRejected
            ? .init(.registrationRejected, "the device was rejected; run otactl registrations accept \(registration.id) to let it in")
            : .init(
                .registrationPending,
                "the device has waited to be let in since \(Moment.text(registration.firstTry)); run otactl registrations accept \(registration.id)"
            )
    }

    private func ofDevice(_ state: DeviceState) -> [Explanation.Reason] {
        var reasons: [Explanation.Reason] = []
        if state.isDenied { reasons.append(.init(.deviceDenied, "the device is denied; undeny it to serve it again")) }
        if let ends = state.certificateEnds, ends <= now {
            reasons.append(
                .init(.certificateExpired, "the certificate of its last handshake ended at \(Moment.text(ends)); it must bring a new one"))
        }
        if lastSeen == 0 { reasons.append(.init(.neverSeen, "the device never made contact")) }
        if state.tag == nil { reasons.append(.init(.noTag, "the device never told its tag; it sends it as x-ats-tags")) }
        return reasons
    }

    private func ofUpdate(_ state: DeviceState) -> [Explanation.Reason] {
        switch resolution {
        case nil, .noTag: return []
        case .notAssigned:
            // Who waits in a rollout knows already why it has none.
            guard membership == nil, scheduled.isEmpty else { return [] }
            return [.init(.noUpdateAssigned, "no update is assigned to the device; add it to a rollout")]
        case .update(let key):
            switch serving {
            case .served: return []
            case nil, .missing: return [.init(.updateMissing, "there is no update \(key); import it, or assign another")]
            case .notVerified:
                return [.init(.updateNotVerified, "\(key) was not checked as it lies there; run otaserve updates verify \(key)")]
            case .refused(let finding):
                return [.init(.updateRefused, "\(key) was checked and refused" + (finding.map { ": \($0)" } ?? ""))]
            }
        }
    }
}

extension Explanation.Reason {
    init(_ slug: ReasonSlug, _ sentence: String) {
        self.slug = slug
        self.sentence = sentence
    }
}
