import FileTree

/// Reads the tree below `updates/`. It keeps nothing in memory: what lies there is what exists.
///
/// Map: ``keys()`` lists, ``contains(_:)`` asks for one, ``delete(_:)`` removes one; ``UpdateLibrary/update(_:)`` shows one.
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

    public func contains(_ key: UpdateKey) -> Bool { (try? root.directory(key.path)) != nil }

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
