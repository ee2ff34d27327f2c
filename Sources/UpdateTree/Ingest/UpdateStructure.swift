import FileTree
import TUF

/// Checks that a directory can be an update for its channel and tag: the parts are there, the targets can be read,
/// every target carries the tag, names one hardware id and a commit that the repository holds, and the apps'
/// manifests are there. Signatures and content hashes are not looked at here.
enum UpdateStructure {
    static func check(_ directory: Directory, key: UpdateKey) throws(UpdateTreeError) -> [TargetsMetadata.Target] {
        for part in ["tuf/timestamp.json", "tuf/snapshot.json", "tuf/targets.json", "ostree_repo/config"]
        where directory.status(part)?.kind != .file {
            throw UpdateTreeError(.sourceInvalid, "\(part) is missing; an update holds tuf/, ostree_repo/ and apps/")
        }
        let targets = try readTargets(directory)
        guard !targets.isEmpty else {
            throw UpdateTreeError(.sourceInvalid, "tuf/targets.json names no target; sign metadata with one target")
        }
        for target in targets { try check(target, in: directory, tag: key.tag) }
        return targets
    }

    private static func readTargets(_ directory: Directory) throws(UpdateTreeError) -> [TargetsMetadata.Target] {
        do {
            let bytes = try directory.contents(of: "tuf/targets.json", limit: UpdateCatalogue.largestMetadata)
            return try TargetsMetadata(parsing: bytes).targets
        } catch {
            throw UpdateTreeError(.sourceInvalid, "tuf/targets.json cannot be used: \(error)")
        }
    }

    private static func check(
        _ target: TargetsMetadata.Target, in directory: Directory, tag: Tag
    ) throws(UpdateTreeError) {
        let name = DirectoryName.quoted(target.name)
        // By bytes, as devices compare: Unicode has other spellings of some letters.
        guard target.tags.contains(where: { $0.utf8.elementsEqual(tag.text.utf8) }) else {
            throw UpdateTreeError(
                .sourceInvalid,
                "the target \(name) carries the tags \(target.tags), not \(tag); import it under its own tag")
        }
        guard target.hardwareIDs.count == 1 else {
            throw UpdateTreeError(
                .sourceInvalid, "the target \(name) names \(target.hardwareIDs.count) hardware ids; devices need one")
        }
        let commit = "ostree_repo/objects/\(target.sha256.prefix(2))/\(target.sha256.dropFirst(2)).commit"
        guard directory.status(commit)?.kind == .file else {
            throw UpdateTreeError(.sourceInvalid, "the target \(name) names a commit that ostree_repo lacks: \(commit)")
        }
        for (app, uri) in target.apps {
            _ = try AppName(app)
            guard let at = uri.lastIndex(of: "@") else {
                throw UpdateTreeError(.sourceInvalid, "the app \(app) is not named by a digest: \(DirectoryName.quoted(uri))")
            }
            let digest = try Digest(uri[uri.index(after: at)...])
            guard directory.status(Content.blob(digest).path)?.kind == .file else {
                throw UpdateTreeError(.sourceInvalid, "the app \(app) has no manifest \(Content.blob(digest).path)")
            }
        }
    }
}
