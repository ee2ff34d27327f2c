import FileTree
import TUF

/// Reads the tree below `updates/`. It keeps nothing in memory: what lies there is what exists.
///
/// Map: ``updates()`` lists, ``update(_:)`` shows one, ``contains(_:)`` asks for one, ``delete(_:)`` removes one.
public struct UpdateCatalogue: Sendable {
    /// `DATADIR/updates`.
    public let root: Directory

    static let largestMetadata = 8 << 20

    public init(root: Directory) { self.root = root }

    /// Opens `updates/` below the data directory, making it and both channels when they are absent.
    public static func open(dataDirectory: Directory) throws(UpdateTreeError) -> UpdateCatalogue {
        do throws(FileTreeError) {
            let root = try dataDirectory.makeDirectory("updates")
            for channel in Channel.allCases { _ = try root.makeDirectory(channel.rawValue) }
            return UpdateCatalogue(root: root)
        } catch {
            throw UpdateTreeError(.storage, error.message)
        }
    }

    /// The keys of all updates, in order of channel, tag and name. Names that no device could ask for are left out.
    public func keys() throws(UpdateTreeError) -> [UpdateKey] {
        var keys: [UpdateKey] = []
        for channel in Channel.allCases {
            guard let tags = try? root.directory(channel.rawValue) else { continue }
            for tagName in (try? tags.names()) ?? [] {
                guard let tag = try? Tag(tagName), let names = try? tags.directory(tagName) else { continue }
                for name in (try? names.names()) ?? [] {
                    guard let name = try? UpdateName(name), names.status(name.text)?.kind == .directory else { continue }
                    keys.append(UpdateKey(channel: channel, tag: tag, name: name))
                }
            }
        }
        return keys
    }

    public func updates() throws(UpdateTreeError) -> [Update] {
        var updates: [Update] = []
        for key in try keys() { updates.append(try update(key)) }
        return updates
    }

    public func contains(_ key: UpdateKey) -> Bool { (try? root.directory(key.path)) != nil }

    /// One update with its targets. Throws `.updateUnknown` when there is no such directory.
    public func update(_ key: UpdateKey) throws(UpdateTreeError) -> Update {
        guard let directory = try? root.directory(key.path), let status = root.status(key.path) else {
            throw UpdateTreeError(.updateUnknown, "there is no update \(key); see the list of updates")
        }
        var targets: [TargetsMetadata.Target] = []
        var problem: String?
        do throws(UpdateTreeError) {
            targets = try UpdateStructure.check(directory, key: key)
        } catch {
            problem = error.message
        }
        let apps = ((try? directory.directory("apps/apps").names()) ?? []).compactMap { try? AppName($0) }
        return Update(
            key: key, createdAt: status.modifiedSeconds, targets: targets,
            hasRepository: directory.status("ostree_repo/config")?.kind == .file, apps: apps, problem: problem)
    }

    /// Removes an update. It vanishes from its place in one step; its bytes are removed after that.
    ///
    /// Whether devices are still assigned is the caller's question to answer first.
    public func delete(_ key: UpdateKey) throws(UpdateTreeError) {
        guard contains(key) else {
            throw UpdateTreeError(.updateUnknown, "there is no update \(key); see the list of updates")
        }
        do throws(FileTreeError) {
            let parent = try root.directory("\(key.channel.rawValue)/\(key.tag.text)")
            let leaving = "\(Staging.prefix)delete-\(Staging.uniqueName())"
            try parent.move(key.name.text, to: root, as: leaving)
            try parent.syncNames()
            try root.remove(leaving)
        } catch {
            throw UpdateTreeError(.storage, error.message)
        }
    }
}
