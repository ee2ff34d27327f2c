import DeviceAuth
import Snaps
import Synchronization
import UpdateTree

/// Required snaps, snap lists and orders of the whole fleet: in memory what every heartbeat needs, behind it the storage.
///
/// Map: ``exchange(over:)`` for transports; ``models()``, ``requirements(of:)``, ``require(_:of:)``, ``unrequire(_:of:)``,
/// ``status(of:after:limit:)`` and ``devices(of:after:limit:)`` about models; ``status(of:)``, ``list(of:)``,
/// ``setModel(_:of:)``, ``note(_:serial:of:)`` and ``forget(_:)`` about a device; ``order(_:for:by:)``, ``orders(of:limit:)``;
/// ``save()`` for what is written behind.
public final class RequiredSnaps: Sendable {
    /// Devices that are told to install, and that are asked for their lists, in one second.
    public static let defaultTellRate = 50
    public static let defaultAskRate = 200
    /// Answers of one device that are stored at once; one more is refused.
    public static let mostUnderway = 8
    /// Models that requirements are kept for.
    public static let mostModels = 10_000

    let repository: any SnapRepository
    let registry: DeviceRegistry
    let now: @Sendable () -> Int64
    let turns = Turns<DeviceID>()
    /// Answers of one device that are being stored or wait for it.
    let underway = Shares<DeviceID>(most: mostUnderway)
    let modelTurns = Turns<ModelName>()
    /// What each model requires, in the order in which devices are told.
    let required: Mutex<[ModelName: [SnapRequirement]]>
    private let shelves: SnapCatalogue
    private let tellRate: TellRate
    private let askRate: TellRate
    private let shards: [Shard]
    private let unsaved = Mutex(Unsaved())

    /// Devices are spread over many locks, so that heartbeats do not wait for each other.
    private final class Shard: Sendable {
        let devices = Mutex<[DeviceID: SnapDevice]>([:])
    }

    /// What is to be written behind.
    private struct Unsaved {
        var devices = Set<DeviceID>()
        var sent: [String: SnapOrder] = [:]
        var finished: [SnapOrder] = []
        var isEmpty: Bool { devices.isEmpty && sent.isEmpty && finished.isEmpty }
    }

    /// Loads everything. `now` gives seconds since 1970.
    public init(
        repository: any SnapRepository, registry: DeviceRegistry, shelves: SnapCatalogue, tellRate: Int = defaultTellRate,
        askRate: Int = defaultAskRate, now: @escaping @Sendable () -> Int64
    ) throws {
        self.repository = repository
        self.registry = registry
        self.shelves = shelves
        self.tellRate = TellRate(perSecond: tellRate)
        self.askRate = TellRate(perSecond: askRate)
        self.now = now
        required = Mutex(try repository.loadModels().mapValues { $0.sorted(by: SnapRequirement.comesFirst) })
        let shards = (0..<64).map { _ in Shard() }
        self.shards = shards
        for record in try repository.loadDevices() {
            Self.shard(of: record.device, in: shards).devices.withLock { $0[record.device] = SnapDevice(record) }
        }
        for order in try repository.loadOpenOrders() {
            Self.shard(of: order.device, in: shards).devices.withLock { devices in
                devices[order.device, default: SnapDevice(SnapDeviceRecord(device: order.device))].orders.append(order)
            }
        }
    }

    // MARK: Memory

    private static func shard(of device: DeviceID, in shards: [Shard]) -> Shard {
        shards[Int(UInt(bitPattern: device.hashValue) % UInt(shards.count))]
    }

    func known(_ device: DeviceID) -> SnapDevice? {
        Self.shard(of: device, in: shards).devices.withLock { $0[device] }
    }

    /// Changes what is known of a device, whether or not anything was known before.
    @discardableResult
    func change<Result: Sendable>(_ device: DeviceID, _ body: (inout SnapDevice) -> Result) -> Result {
        Self.shard(of: device, in: shards).devices.withLock { devices in
            body(&devices[device, default: SnapDevice(SnapDeviceRecord(device: device))])
        }
    }

    func noteUnsaved(_ device: DeviceID) { unsaved.withLock { _ = $0.devices.insert(device) } }

    func drop(_ device: DeviceID) {
        _ = Self.shard(of: device, in: shards).devices.withLock { $0.removeValue(forKey: device) }
        unsaved.withLock { _ = $0.devices.remove(device) }
    }

    // MARK: Deciding

    /// Lets the engine hear what a device said, and notes what is to be written behind.
    func hear(_ event: SnapEvent, from device: DeviceID, over transport: SnapTransport) -> SnapDecision {
        let moment = now()
        let state = registry.directory[device]?.state
        let world = SnapSurroundings(
            now: moment, transport: transport,
            requirements: { [self] model in
                guard let name = model.effective(hardwareID: state?.hardwareID)?.name else { return [] }
                return required.withLock { $0[name] ?? [] }
            },
            plan: { [shelves] missing, record in
                InstallPlan(
                    shelves: Self.shelves(of: state, in: shelves.shelves), architecture: record.architecture, installed: record.names ?? []
                ).snaps(missing)
            },
            newID: Self.newID, mayTell: { [tellRate] in tellRate.take(at: moment, isRepeated: $0) },
            mayAsk: { [askRate] in askRate.take(at: moment, isRepeated: $0) })
        let decision = change(device) { $0.hear(event, in: world) }
        if decision.mustSave || !decision.sent.isEmpty || !decision.finished.isEmpty {
            unsaved.withLock { unsaved in
                if decision.mustSave { unsaved.devices.insert(device) }
                for order in decision.sent { unsaved.sent[order.id] = order }
                unsaved.finished += decision.finished
            }
        }
        return decision
    }

    private static func shelves(
        of state: DeviceState?, in shelves: SnapShelves
    ) -> [(source: RequiredSnap.Source, shelf: SnapShelf)] {
        guard let state, let tag = state.tag else { return [] }
        var found: [(source: RequiredSnap.Source, shelf: SnapShelf)] = []
        if case .update(let key) = Resolution(channel: state.channel, tag: tag, assigned: state.updateName) {
            found.append((.update, shelves.shelf(of: key)))
        }
        found.append((.pool, shelves.pool(channel: state.channel, tag: tag)))
        return found
    }

    static func newID() -> String {
        var generator = SystemRandomNumberGenerator()
        return String(generator.next() as UInt64, radix: 36) + String(generator.next() as UInt64, radix: 36)
    }

    // MARK: Writing behind

    /// Stores what was noted since the last time. What cannot be stored now is tried the next time.
    public func save() async throws {
        let taken = unsaved.withLock { unsaved in
            let taken = unsaved
            unsaved = Unsaved()
            return taken
        }
        guard !taken.isEmpty else { return }
        do {
            try await repository.save(taken.devices.compactMap { known($0)?.record }, sent: Array(taken.sent.values))
            if !taken.finished.isEmpty { try await repository.finish(taken.finished) }
        } catch {
            unsaved.withLock { unsaved in
                unsaved.devices.formUnion(taken.devices)
                unsaved.sent.merge(taken.sent) { later, _ in later }
                unsaved.finished.insert(contentsOf: taken.finished, at: 0)
            }
            throw error
        }
    }
}
