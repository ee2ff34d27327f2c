import DeviceAuth
import Snaps

/// Who has what, and who lacks what.
extension RequiredSnaps {
    /// All models that something is required of or that a device is of, by name.
    public func models() -> [ModelSummary] {
        var found = required.withLock { $0 }.mapValues { Tally(requirements: $0) }
        for entry in registry.directory.all {
            guard let (model, device) = model(of: entry) else { continue }
            found[model, default: Tally(requirements: [])].count(device)
        }
        return found.map { $0.value.summary(of: $0.key) }.sorted { $0.name < $1.name }
    }

    /// How a model stands, with the devices that lack something or of which no list is known.
    public func status(of model: ModelName, after: DeviceID?, limit: Int) throws(FleetError) -> ModelStatus {
        let requirements = try requirements(of: model)
        var tally = Tally(requirements: requirements)
        var lacking: [DeviceEntry] = []
        for entry in devices(of: model) where tally.count(known(entry.id)) {
            if after.map({ entry.id > $0 }) ?? true { lacking.append(entry) }
        }
        let page = Self.first(limit, of: lacking)
        return ModelStatus(
            summary: tally.summary(of: model),
            lackedBy: requirements.map { ($0.snap, tally.lackedBy[$0.snap] ?? 0) },
            devices: page.map(status), hasMore: lacking.count > limit)
    }

    public func devices(
        of model: ModelName, after: DeviceID?, limit: Int
    ) throws(FleetError) -> (page: [SnapDeviceStatus], hasMore: Bool) {
        _ = try requirements(of: model)
        let following = devices(of: model).filter { entry in after.map { entry.id > $0 } ?? true }
        return (Self.first(limit, of: following).map(status), following.count > limit)
    }

    public func status(of device: DeviceID) throws(FleetError) -> SnapDeviceStatus { status(try registry.entry(device)) }

    /// The last list that a device published; nil when it never did.
    public func list(of device: DeviceID) async throws -> StoredSnapList? {
        _ = try registry.entry(device)
        return try await repository.list(of: device)
    }

    // MARK: Parts

    /// Counts devices of one model.
    private struct Tally {
        let requirements: [SnapRequirement]
        var devices = 0
        var lacking = 0
        var unknown = 0
        var lackedBy: [SnapName: Int] = [:]

        /// Returns whether the device lacks something, or nothing is known of its snaps.
        @discardableResult
        mutating func count(_ device: SnapDevice?) -> Bool {
            devices += 1
            guard let device, device.record.names != nil else {
                unknown += 1
                return true
            }
            let missing = device.missing(of: requirements)
            for requirement in missing { lackedBy[requirement.snap, default: 0] += 1 }
            if !missing.isEmpty { lacking += 1 }
            return !missing.isEmpty
        }

        func summary(of model: ModelName) -> ModelSummary {
            ModelSummary(name: model, required: requirements.count, devices: devices, lacking: lacking, unknown: unknown)
        }
    }

    /// Those that are not deleted, in no order.
    func devices(of model: ModelName) -> some Sequence<DeviceEntry> {
        registry.directory.all.lazy.filter { entry in self.model(of: entry)?.name == model }
    }

    private func model(of entry: DeviceEntry) -> (name: ModelName, device: SnapDevice?)? {
        let state = entry.state
        guard !state.isDeleted else { return nil }
        let device = known(entry.id)
        let claim = (device?.record.model ?? DeviceModel()).effective(hardwareID: state.hardwareID)
        return claim.map { ($0.name, device) }
    }

    private static func first(_ limit: Int, of entries: [DeviceEntry]) -> ArraySlice<DeviceEntry> {
        entries.sorted { $0.id < $1.id }.prefix(limit)
    }

    private func status(_ entry: DeviceEntry) -> SnapDeviceStatus {
        let device = known(entry.id) ?? SnapDevice(SnapDeviceRecord(device: entry.id))
        let record = device.record
        let claim = record.model.effective(hardwareID: entry.state.hardwareID)
        let requirements = claim.flatMap { claim in required.withLock { $0[claim.name] } } ?? []
        return SnapDeviceStatus(
            device: entry.id, model: claim, serial: record.model.serial, architecture: record.architecture, hashes: record.hashes,
            installed: record.names, missing: device.missing(of: requirements).map(\.snap), required: record.required,
            awaitsList: device.listRequest != nil, openOrders: device.orders.count, lastSeen: entry.lastSeen)
    }
}
