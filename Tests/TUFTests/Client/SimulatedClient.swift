import FileTree
import TUF

/// A client and the repository it follows.
struct SimulatedClient {
    let store: TemporaryDirectory
    let downloads: TemporaryDirectory
    let served = ServedFiles()
    let content = ServedFiles()

    /// Trusts the first root of `repository`.
    init(_ repository: RepositorySimulator, root version: Int = 1) throws {
        store = try TemporaryDirectory()
        downloads = try TemporaryDirectory()
        let root = repository.files["\(version).root.json"] ?? []
        try Updater.initialize(MetadataStore(store.directory), with: root, now: RepositorySimulator.now)
    }

    /// Follows what `repository` has published; returns what was asked for.
    @discardableResult
    func refresh(_ repository: RepositorySimulator, now: MetadataTime = RepositorySimulator.now) async throws -> [String] {
        _ = try await refreshed(repository, now: now)
        return served.takeRequests()
    }

    func refreshed(_ repository: RepositorySimulator, now: MetadataTime = RepositorySimulator.now) async throws -> Updater {
        served.files = repository.files
        content.files = repository.content
        var updater = Updater(store: MetadataStore(store.directory), repository: served)
        _ = served.takeRequests()
        try await updater.refresh(now: now)
        return updater
    }

    func download(_ name: String, of repository: RepositorySimulator) async throws {
        var updater = try await refreshed(repository)
        let target = try await updater.target(named: name)
        try await TargetDownload(to: downloads.directory, from: content, hasHashedNames: repository.hasConsistentSnapshots).fetch(target)
    }

    /// The slug of the error; nil when there was none.
    func code(_ body: () async throws -> Void) async -> TUFError.Code? {
        do {
            try await body()
            return nil
        } catch {
            return (error as? TUFError)?.code
        }
    }

    func version(_ name: String) throws -> Int64? {
        let bytes = try store.contents()["\(name).json"]
        switch name {
        case "root": return try bytes.map { try RootMetadata(parsing: $0).version }
        case "timestamp": return try bytes.map { try TimestampMetadata(parsing: $0).version }
        case "snapshot": return try bytes.map { try SnapshotMetadata(parsing: $0).version }
        default: return try bytes.map { try TargetsMetadata(parsing: $0).version }
        }
    }
}
