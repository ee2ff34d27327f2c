import FileTree
import TUF

/// Signs the metadata of a channel's updates anew before they end: those that are ours. What others signed stays as it
/// is, whatever its age.
public struct MetadataRefresh: Sendable {
    private static let lockName = "refresh.lock"
    private static let files = ["targets.json", "snapshot.json", "timestamp.json", "bundle-targets.json"]

    private let library: UpdateLibrary
    private let repository: ChannelRepository
    private let channel: Channel

    public init(library: UpdateLibrary, repository: ChannelRepository, channel: Channel) {
        self.library = library
        self.repository = repository
        self.channel = channel
    }

    /// Renews what is due and returns the updates that have new metadata. Each is replaced in one step: a device gets
    /// all of the old or all of the new.
    public func run(now: MetadataTime, ifExpiringWithin margin: Duration) throws(UpdateTreeError) -> [UpdateKey] {
        let lock = try storage { () throws(FileTreeError) in try library.data.lock(Self.lockName) }
        defer { withExtendedLifetime(lock) {} }
        // Verdicts are written here as by an import: never while a collection or a repair has the tree.
        let claim = try ImportClaim.importing(into: library.data)
        return try claim.whileHeld { () throws(UpdateTreeError) in try renew(now: now, ifExpiringWithin: margin) }
    }

    private func renew(now: MetadataTime, ifExpiringWithin margin: Duration) throws(UpdateTreeError) -> [UpdateKey] {
        var updates: [RefreshableUpdate] = []
        for key in try library.catalogue.keys() where key.channel == channel {
            guard let update = try? library.catalogue.root.directory(key.path), let files = Self.read(update) else { continue }
            updates.append(RefreshableUpdate(name: key.path, tag: key.tag.text, files: files))
        }
        let renewed: [(name: String, files: [String: [UInt8]])]
        do {
            renewed = try repository.refreshAll(updates, now: now, ifExpiringWithin: margin)
        } catch {
            throw UpdateTreeError(.metadataNotRefreshed, "the metadata of \(channel) cannot be renewed: \(error.message)")
        }
        var done: [UpdateKey] = []
        for key in try library.catalogue.keys() where key.channel == channel {
            guard let files = renewed.first(where: { $0.name == key.path })?.files else { continue }
            try replace(files, of: key)
            done.append(key)
        }
        return done
    }

    /// The metadata files of an update's directory; nil when they cannot be read.
    static func read(_ update: Directory) -> [String: [UInt8]]? {
        guard let tuf = try? update.directory("tuf"), let names = try? tuf.names() else { return nil }
        var read: [String: [UInt8]] = [:]
        for name in names where files.contains(name) || name.hasSuffix(".root.json") {
            guard let bytes = try? tuf.contents(of: name, limit: UpdateCatalogue.largestMetadata) else { return nil }
            read[name] = bytes
        }
        return read
    }

    /// The whole `tuf/` is made beside the update and put in its place in one step.
    func replace(_ files: [String: [UInt8]], of key: UpdateKey) throws(UpdateTreeError) {
        let verdict = library.verdicts.verdict(on: key)
        let root = library.catalogue.root
        let staging = "\(Staging.prefix)refresh-\(Staging.uniqueName())"
        defer { try? root.remove(staging) }
        do throws(FileTreeError) {
            let update = try root.directory(key.path)
            let place = try root.makeDirectory(staging, mode: 0o700)
            let tuf = try place.makeDirectory("tuf")
            let old = try update.directory("tuf")
            for name in try old.names() where files[name] == nil {
                try tuf.create(name).copyContents(of: old.openFile(name))
            }
            for (name, bytes) in files { try tuf.replace(name, with: bytes, synced: false) }
            try tuf.syncFileSystem()
            try update.exchange("tuf", with: "tuf", in: place)
            try update.syncNames()
            try root.remove(staging)
        } catch {
            throw UpdateTreeError(error)
        }
        // Not accepted before: the next check decides.
        guard let verdict, verdict.isAccepted else { return }
        try library.verdicts.renew(verdict, of: key, metadata: files)
    }
}
