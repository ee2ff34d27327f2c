import UpdateTree

extension DeviceSituation {
    /// What the gateway answers instead of `targets.json`, in the order in which it asks; nil when it serves the file.
    ///
    /// What only a handshake shows is not known here: a key that changed, a certificate that was revoked.
    var refusal: Explanation.Refusal? {
        if let ends = state?.certificateEnds, ends <= now { return .init(status: 403, slug: "certificate-expired") }
        guard let state else {
            let code: FleetError.Code = registration.map { $0.isRejected ? .deviceRejected : .devicePending } ?? .deviceNotRegistered
            return .init(status: 403, slug: code.rawValue)
        }
        if state.isDeleted { return .init(status: 403, slug: FleetError.Code.deviceDeleted.rawValue) }
        if state.isDenied { return .init(status: 403, slug: FleetError.Code.deviceDenied.rawValue) }
        switch resolution {
        case nil, .notAssigned: return .init(status: 404, slug: "no-update-assigned")
        case .noTag: return .init(status: 404, slug: "no-tag")
        case .update: break
        }
        switch serving {
        case .served: return nil
        case nil, .missing: return .init(status: 404, slug: "update-missing")
        case .notVerified, .refused: return .init(status: 404, slug: "update-not-verified")
        }
    }
}
