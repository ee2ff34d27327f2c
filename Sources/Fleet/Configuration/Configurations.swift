import DeviceAuth
import Synchronization

/// The configuration files of the fleet, its groups and its devices: storage first, then memory, then the caller hears of
/// it.
///
/// Map: ``change(_:_:by:because:)`` and ``rollBack(_:to:by:because:)`` for whoever sets files, ``snapshot`` and
/// ``load(_:)`` for the way of a device, ``history(of:before:limit:)`` for operators.
public final class Configurations: Sendable {
    private let repository: any ConfigurationRepository
    private let registry: DeviceRegistry
    private let now: @Sendable () -> Int64
    private let turns = Turns<ConfigurationPlace>()
    private let current: Mutex<ConfigurationSnapshot>
    private let changes = Atomic<UInt64>(1)

    /// Seconds since 1970. An answer that names this second or an earlier one may be of the process before.
    public let began: Int64

    /// Seconds that the clock may have been set back while the server was not running: devices that were seen in them
    /// were answered in them.
    private static let longestStepBack: Int64 = 86_400

    /// Groups that may have files.
    public static let mostGroups = 1000

    /// Reads the files of the fleet and of all groups; those of a device are read when it asks.
    public init(
        repository: any ConfigurationRepository, registry: DeviceRegistry, now: @escaping @Sendable () -> Int64
    ) throws {
        self.repository = repository
        self.registry = registry
        self.now = now
        let start = now()
        began = max(start, registry.directory.all.map(\.lastSeen).filter { $0 < start + Self.longestStepBack }.max() ?? start)
        var snapshot = ConfigurationSnapshot(revision: 1)
        snapshot.fleet = try repository.current(.fleet).map { ConfigurationSnapshot.Level(version: $0, changed: 1) }
        for group in try repository.groups() {
            snapshot.groups[group] = try repository.current(.group(group)).map { ConfigurationSnapshot.Level(version: $0, changed: 1) }
        }
        current = Mutex(snapshot)
    }

    // MARK: Devices

    /// Moves with every change. To be read before what goes into an answer.
    public var revision: UInt64 { changes.load(ordering: .acquiring) }

    /// Takes a short lock: to be asked when the revision moved, not at every request.
    public var snapshot: ConfigurationSnapshot { current.withLock { $0 } }

    /// Reads a device's own files, when nobody did yet.
    public func load(_ entry: DeviceEntry) async throws {
        let place = ConfigurationPlace.device(entry.id)
        await turns.take(.one(place))
        defer { turns.give(.one(place)) }
        try loadInTurn(entry)
    }

    private func loadInTurn(_ entry: DeviceEntry) throws {
        if !entry.configuration.isLoaded { entry.configuration.load(try repository.current(.device(entry.id))) }
    }

    // MARK: Looking

    /// What a device gets.
    public func effective(for id: DeviceID) async throws -> EffectiveConfiguration {
        let entry = try registry.entry(id)
        try await load(entry)
        return snapshot.effective(for: entry.state, own: entry.configuration.version)
    }

    /// The files of a place as they are now; nil when there were never any.
    public func current(_ place: ConfigurationPlace) async throws -> ConfigurationVersion? {
        switch place {
        case .fleet: return snapshot.fleet?.version
        case .group(let name): return snapshot.groups[name]?.version
        case .device(let id):
            let entry = try registry.entry(id)
            try await load(entry)
            return entry.configuration.version
        }
    }

    /// The versions that are kept, the newest first; `before` leaves out that number and what is newer.
    public func history(of place: ConfigurationPlace, before: Int?, limit: Int) throws -> [ConfigurationVersion] {
        try checkIsKnown(place)
        let numbers = try repository.numbers(of: place).reversed().filter { number in before.map { number < $0 } ?? true }
        // One that went in between is left out.
        return try numbers.prefix(limit).compactMap { try repository.version($0, of: place) }
    }

    public func version(_ number: Int, of place: ConfigurationPlace) throws -> ConfigurationVersion {
        try checkIsKnown(place)
        guard let version = try repository.version(number, of: place) else {
            throw FleetError(.configurationUnknown, "there is no version \(number) of the \(place)'s configuration; see its history")
        }
        return version
    }

    // MARK: Changing

    /// Changes the files of a place and returns them when they are stored. What changes nothing makes no version.
    @discardableResult
    public func change(
        _ place: ConfigurationPlace, _ change: ConfigurationChange, by author: String, because reason: ConfigurationReason
    ) async throws -> ConfigurationVersion? {
        await turns.take(.one(place))
        defer { turns.give(.one(place)) }
        return try changeInTurn(place, change, author, reason)
    }

    /// Sets the files of a place as they were in an earlier version. That is a new version: nothing is taken back.
    @discardableResult
    public func rollBack(
        _ place: ConfigurationPlace, to number: Int, by author: String, because reason: ConfigurationReason
    ) async throws -> ConfigurationVersion? {
        await turns.take(.one(place))
        defer { turns.give(.one(place)) }
        let files = try version(number, of: place).files
        return try changeInTurn(place, .replaceAll(files), author, reason)
    }

    /// Forgets the files of a device that was deleted, and their history.
    public func forget(_ id: DeviceID) async throws {
        let place = ConfigurationPlace.device(id)
        await turns.take(.one(place))
        defer { turns.give(.one(place)) }
        try repository.removeAll(of: place)
        publish(nil, at: place)
    }

    private func changeInTurn(
        _ place: ConfigurationPlace, _ change: ConfigurationChange, _ author: String, _ reason: ConfigurationReason
    ) throws -> ConfigurationVersion? {
        try checkIsKnown(place)
        try checkHasRoom(place)
        let last = try repository.current(place)
        let files = try change.applied(to: last?.files ?? ConfigurationFiles())
        guard files != last?.files ?? ConfigurationFiles() else { return last }
        let version = ConfigurationVersion(
            number: (last?.number ?? 0) + 1, time: now(), author: author, reason: reason, files: files)
        do {
            try repository.add(version, to: place)
        } catch {
            // It may lie there all the same: then it holds, and nobody was told that it does not.
            if let held = try? repository.current(place), held == version { publish(held, at: place) }
            throw error
        }
        publish(version, at: place)
        return version
    }

    private func checkIsKnown(_ place: ConfigurationPlace) throws(FleetError) {
        if case .device(let id) = place { _ = try registry.entry(id) }
    }

    private func checkHasRoom(_ place: ConfigurationPlace) throws(FleetError) {
        guard case .group(let name) = place, current.withLock({ $0.groups[name] == nil && $0.groups.count >= Self.mostGroups }) else {
            return
        }
        throw FleetError(
            .configurationInvalid,
            "\(Self.mostGroups) groups have configuration files; stop the server and remove one from config/groups")
    }

    /// The content first, then the number: who reads the number before the content never takes old content for new.
    private func publish(_ version: ConfigurationVersion?, at place: ConfigurationPlace) {
        current.withLock { snapshot in
            let revision = snapshot.revision + 1
            let level = version.map { ConfigurationSnapshot.Level(version: $0, changed: revision) }
            switch place {
            case .fleet: snapshot.fleet = level
            case .group(let name): snapshot.groups[name] = level
            case .device(let id): registry.directory[id]?.configuration.publish(version, revision: revision)
            }
            snapshot.revision = revision
            changes.store(revision, ordering: .releasing)
        }
    }
}
