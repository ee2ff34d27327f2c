import FileTree
import OSTree

/// What an update's content says of itself: the branch, the commit, the version and machine of its system, its apps.
struct ContentFacts {
    let ref: String
    let commit: Commit
    /// `usr/lib/os-release` of the commit.
    let osRelease: [String: String]
    let apps: [String: String]

    private static let largestFile = 64 << 10

    init(_ directory: Directory, ref wanted: String?) throws(UpdateTreeError) {
        do {
            let repository = try Repository(directory.directory("ostree_repo"))
            let (ref, checksum) = try Self.ref(repository, wanted)
            self.ref = ref
            commit = try repository.commit(checksum)
            let file = try repository.readFile("usr/lib/os-release", in: commit, limit: Self.largestFile)
            osRelease = OSRelease.parse(file ?? [])
            apps = try Self.apps(directory)
        } catch let error as UpdateTreeError {
            throw error
        } catch let error as OSTreeError {
            throw UpdateTreeError(.sourceInvalid, "the repository cannot be read: \(error.message)")
        } catch {
            throw UpdateTreeError(.sourceInvalid, "the content cannot be described: \(error)")
        }
    }

    private static func ref(_ repository: Repository, _ wanted: String?) throws -> (String, Checksum) {
        let refs = repository.refs()
        if let wanted {
            guard let found = refs.first(where: { $0.name == wanted }) else {
                throw UpdateTreeError(.descriptionMissing, "the repository has no ref \(DirectoryName.quoted(wanted))")
            }
            return (found.name, found.checksum)
        }
        guard refs.count == 1, let only = refs.first else {
            let names = refs.prefix(10).map(\.name).joined(separator: ", ")
            throw UpdateTreeError(
                .descriptionMissing, "the repository has \(refs.count) refs (\(names)); name the image's one with --ref")
        }
        return (only.name, only.checksum)
    }

    /// `apps/apps/<app>/<digest>/uri`, one digest for each app.
    private static func apps(_ directory: Directory) throws -> [String: String] {
        guard let folder = try? directory.directory("apps/apps") else { return [:] }
        var apps: [String: String] = [:]
        for name in try folder.names() {
            let app = try AppName(name)
            let versions = try folder.directory(name).names()
            guard versions.count == 1, let digest = versions.first else {
                throw UpdateTreeError(
                    .descriptionMissing, "the app \(app) is there in \(versions.count) versions; name one with --app \(app)=URI")
            }
            let bytes = try folder.contents(of: "\(name)/\(digest)/uri", limit: largestFile)
            apps[app.text] = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace).first.map(String.init) ?? ""
        }
        return apps
    }
}
