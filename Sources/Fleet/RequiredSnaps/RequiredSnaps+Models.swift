import DeviceAuth
import Snaps

/// Models and what they require.
extension RequiredSnaps {
    /// What a model requires, in the order in which devices are told.
    public func requirements(of model: ModelName) throws(FleetError) -> [SnapRequirement] {
        if let requirements = required.withLock({ $0[model] }) { return requirements }
        guard devices(of: model).contains(where: { _ in true }) else { throw Self.unknown(model) }
        return []
    }

    /// Stores a requirement, and the model with it. Returns whether the model did not require that snap before.
    public func require(_ requirement: SnapRequirement, of model: ModelName) async throws -> Bool {
        await modelTurns.take(.one(model))
        defer { modelTurns.give(.one(model)) }
        let (before, models) = required.withLock { ($0[model], $0.count) }
        let others = (before ?? []).filter { $0.snap != requirement.snap }
        guard others.count < SnapRequirement.most else {
            throw FleetError(
                .requirementInvalid, "a model requires at most \(SnapRequirement.most) snaps; remove one, or build them into the image")
        }
        guard before != nil || models < Self.mostModels else {
            throw FleetError(.requirementInvalid, "there are \(Self.mostModels) models already, which is the most")
        }
        try await repository.add(requirement, to: model)
        required.withLock { $0[model] = (others + [requirement]).sorted(by: SnapRequirement.comesFirst) }
        return others.count == (before?.count ?? 0)
    }

    /// Takes a requirement back. Devices keep the snap.
    public func unrequire(_ snap: SnapName, of model: ModelName) async throws {
        await modelTurns.take(.one(model))
        defer { modelTurns.give(.one(model)) }
        guard let before = required.withLock({ $0[model] }) else { throw Self.unknown(model) }
        guard before.contains(where: { $0.snap == snap }) else {
            throw FleetError(.requirementUnknown, "the model \(model) does not require \(snap); see what it requires")
        }
        try await repository.remove(snap, from: model)
        required.withLock { $0[model] = before.filter { $0.snap != snap } }
    }

    static func unknown(_ model: ModelName) -> FleetError {
        FleetError(.modelUnknown, "there is no model \(model), and no device of it; see the list of models")
    }
}
