import FileTree
import TUF

extension UpdateLibrary {
    /// All updates, in order of channel, tag and name.
    public func updates() throws(UpdateTreeError) -> [Update] {
        var updates: [Update] = []
        for key in try catalogue.keys() { updates.append(try update(key)) }
        return updates
    }

    /// One update with its targets and what its check said. Throws `.updateUnknown` when there is no such directory.
    public func update(_ key: UpdateKey) throws(UpdateTreeError) -> Update {
        guard let directory = try? catalogue.root.directory(key.path), let status = catalogue.root.status(key.path) else {
            throw UpdateTreeError(.updateUnknown, "there is no update \(key); see the list of updates")
        }
        let verdict = verdicts.verdict(on: key, thorough: false)
        var images: [ImageTarget] = []
        var problem = verdict?.findings.first(where: \.isFatal).map { "\($0.path): \($0.message)" }
        do throws(UpdateTreeError) {
            images = try Self.images(in: directory)
        } catch {
            problem = problem ?? error.message
        }
        let apps = ((try? directory.directory("apps/apps").names()) ?? []).compactMap { try? AppName($0) }
        return Update(
            key: key, createdAt: status.modifiedSeconds, targets: images,
            hasRepository: directory.status("ostree_repo/config")?.kind == .file, apps: apps,
            verification: verdict.map { $0.isAccepted ? .accepted : .refused } ?? .unchecked, problem: problem)
    }

    /// The images that `tuf/targets.json` names. Signatures are not looked at.
    static func images(in directory: Directory) throws(UpdateTreeError) -> [ImageTarget] {
        do {
            let bytes = try directory.contents(of: "tuf/targets.json", limit: UpdateCatalogue.largestMetadata)
            return try TargetsMetadata(parsing: bytes).images()
        } catch {
            throw UpdateTreeError(.sourceInvalid, "tuf/targets.json cannot be used: \(error)")
        }
    }

    /// The names of the targets that devices take of an update: of each hardware id the highest version. Empty when its
    /// metadata cannot be read.
    public func targetNames(of key: UpdateKey) -> Set<String> {
        guard let directory = try? catalogue.root.directory(key.path), let images = try? Self.images(in: directory) else { return [] }
        var newest: [String: ImageTarget] = [:]
        for image in images where image.tags.isEmpty || image.tags.contains(key.tag.text) {
            for hardware in image.hardwareIDs {
                let version = image.version.flatMap { Int($0) } ?? -1
                if version >= newest[hardware]?.version.flatMap({ Int($0) }) ?? -1 { newest[hardware] = image }
            }
        }
        return Set(newest.values.map(\.name))
    }

    /// Removes an update and what is known of it. Content that other updates share stays.
    public func delete(_ key: UpdateKey) throws(UpdateTreeError) {
        try catalogue.delete(key)
        try verdicts.forget(key)
    }
}
