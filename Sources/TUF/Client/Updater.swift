/// A client's run: what it fetches, in which order, and what it stores.
///
/// The order is the specification's (§5.3–§5.6): the next root until there is none, `timestamp.json`, and snapshot and
/// targets unless the stored ones are those that timestamp and snapshot name. Each file is stored as it came, before the
/// next one is asked for. A failed run leaves what it has verified so far; the next one goes on from there.
///
/// ```swift
/// var updater = Updater(store: MetadataStore(directory), repository: fetcher)
/// try await updater.refresh(now: now)
/// let target = try await updater.target(named: "app/a.bin")
/// ```
///
/// Map: ``initialize(_:with:now:)`` once, then ``refresh(now:)``, then ``target(named:)``; ``TargetDownload`` fetches.
public struct Updater: Sendable {
    private let store: MetadataStore
    private let repository: any MetadataFetcher
    /// What the last run trusts; nil before the first.
    public private(set) var trusted: TrustedMetadata?

    public init(store: MetadataStore, repository: any MetadataFetcher) {
        self.store = store
        self.repository = repository
    }

    /// Stores the root that came out of band after its own signatures were checked.
    public static func initialize(_ store: MetadataStore, with root: [UInt8], now: MetadataTime) throws(TUFError) {
        _ = try TrustedMetadata(trustedRoot: root, now: now)
        try store.write(root, as: TopRole.root.fileName)
    }

    /// Brings the four top roles up to date. `now` is the reference time of all that follows, until the next refresh.
    public mutating func refresh(now: MetadataTime) async throws(TUFError) {
        trusted = nil
        guard let root = try store.read(TopRole.root.fileName) else {
            throw TUFError(.rootMissing, "there is no root.json in the store; initialize it with a root that you trust")
        }
        var run = try TrustedMetadata(trustedRoot: root, now: now)
        try await updateRoots(&run)
        try await updateTimestamp(&run)
        try await updateSnapshot(&run)
        try await updateTargets(&run)
        trusted = run
    }

    /// What the repository says of a target; throws `.targetUnknown` when no responsible role names it.
    public mutating func target(named name: String) async throws(TUFError) -> TargetFile {
        guard var run = trusted, let targets = run.targets else { throw TrustedMetadata.outOfOrder("a target before a refresh") }
        // What was verified on the way stays known, also when the search fails further on.
        defer { trusted = run }
        var search = TargetSearch(for: name)
        if let target = try search.visit(targets) { return target }
        while let role = search.next() {
            if let target = try search.visit(try await load(role, &run)) { return target }
        }
        throw TUFError(.targetUnknown, "no role that is responsible for \(quoted(name)) names it")
    }

    // MARK: Steps

    private func updateRoots(_ run: inout TrustedMetadata) async throws(TUFError) {
        for _ in 0..<MetadataLimits.mostRotations {
            guard let version = run.nextRootVersion,
                let bytes = try await fetchIfPresent("\(version).\(TopRole.root.fileName)", limit: run.limits.root)
            else { break }
            let wasRecovering = run.isRecovering
            try run.updateRoot(bytes)
            if run.isRecovering, !wasRecovering { try store.voidTimestampAndSnapshot() }
            try store.write(bytes, as: TopRole.root.fileName)
        }
        try run.finishRoots()
    }

    private func updateTimestamp(_ run: inout TrustedMetadata) async throws(TUFError) {
        let name = TopRole.timestamp.fileName
        if let stored = try store.read(name) { attempt { () throws(TUFError) in try run.loadStoredTimestamp(stored) } }
        let bytes = try await fetch(name, limit: run.limits.timestamp)
        if try run.updateTimestamp(bytes) == .new { try store.write(bytes, as: name) }
    }

    private func updateSnapshot(_ run: inout TrustedMetadata) async throws(TUFError) {
        let name = TopRole.snapshot.fileName
        if let stored = try store.read(name) {
            attempt { () throws(TUFError) in try run.updateSnapshot(stored, isTrusted: true) }
        }
        guard run.snapshot == nil, let description = run.timestamp?.snapshot else { return }
        let bytes = try await fetch(
            versioned(name, description.version, run), limit: run.limits.bytes(of: .snapshot, listed: description.length))
        try run.updateSnapshot(bytes)
        try store.write(bytes, as: name)
    }

    private func updateTargets(_ run: inout TrustedMetadata) async throws(TUFError) {
        let name = TopRole.targets.fileName
        let description = try run.description(of: name)
        if let stored = try store.read(name) { attempt { () throws(TUFError) in try run.updateTargets(stored) } }
        guard run.targets == nil else { return }
        let bytes = try await fetch(
            versioned(name, description.version, run), limit: run.limits.bytes(of: .targets, listed: description.length))
        try run.updateTargets(bytes)
        try store.write(bytes, as: name)
    }

    private func load(_ role: Delegations.Role, _ run: inout TrustedMetadata) async throws(TUFError) -> TargetsMetadata {
        if let known = try run.delegated(role) { return known }
        let description = try run.description(of: role.name.metaName)
        if let stored = try store.read(role.name.fileName),
            let metadata = attempt({ () throws(TUFError) in try run.updateDelegated(stored, as: role) })
        {
            return metadata
        }
        let bytes = try await fetch(
            versioned(role.name.fileName, description.version, run),
            limit: run.limits.bytes(of: .targets, listed: description.length))
        let metadata = try run.updateDelegated(bytes, as: role)
        try store.write(bytes, as: role.name.fileName)
        return metadata
    }

    // MARK: Parts

    /// Stored bytes that are refused are as good as absent: they are fetched anew.
    @discardableResult
    private func attempt<Value>(_ body: () throws(TUFError) -> Value) -> Value? { try? body() }

    private func versioned(_ name: String, _ version: Int64, _ run: TrustedMetadata) -> String {
        run.root.hasConsistentSnapshots ? "\(version).\(name)" : name
    }

    private func fetch(_ path: String, limit: Int) async throws(TUFError) -> [UInt8] {
        guard let bytes = try await fetchIfPresent(path, limit: limit) else {
            throw TUFError(.fetchFailed, "the repository has no \(path)")
        }
        return bytes
    }

    private func fetchIfPresent(_ path: String, limit: Int) async throws(TUFError) -> [UInt8]? {
        guard let bytes = try await repository.fetch(path, limit: limit) else { return nil }
        guard bytes.count <= limit else { throw TUFError(.fetchTooLarge, "\(path) has more than \(limit) bytes") }
        return bytes
    }
}
