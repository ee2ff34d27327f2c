import Crypto
import FileTree
import Foundation
import OCI
import OSTree
import Synchronization
import TUF

/// Checks a whole update where it lies: metadata, images, the repository's closure, the apps' closure, every digest.
///
/// ```swift
/// let result = UpdateVerification(library: library, key: key, settings: settings, now: now).run(directory)
/// guard result.report.isAccepted else { … result.report.findings … }
/// ```
public struct UpdateVerification: Sendable {
    let library: UpdateLibrary
    let key: UpdateKey
    let settings: VerificationSettings
    let now: MetadataTime
    let progress: @Sendable (VerificationProgress) -> Void

    public init(
        library: UpdateLibrary, key: UpdateKey, settings: VerificationSettings, now: MetadataTime,
        progress: @escaping @Sendable (VerificationProgress) -> Void = { _ in }
    ) {
        self.library = library
        self.key = key
        self.settings = settings
        self.now = now
        self.progress = progress
    }

    struct Result {
        var report: UpdateReport
        var inventory = Inventory([])
        var files: [UpdateWalk.File] = []
        /// Those of them that are files of the content store.
        var shared: SharedFiles?
        var newRoots: [[UInt8]] = []
    }

    func run(_ directory: Directory) throws(UpdateTreeError) -> Result {
        var result = Result(report: UpdateReport(key: key))
        let walk = try storage { () throws(FileTreeError) in try UpdateWalk(directory, workers: settings.workers) }
        for finding in walk.findings { result.report.add(finding) }
        result.files = walk.files
        result.report.files = walk.files.count
        result.report.bytes = walk.files.reduce(0) { $0 + $1.status.size }

        progress(VerificationProgress(step: .metadata, done: 0, total: 1, unit: .files))
        let images = checkMetadata(directory, &result)
        let shared = SharedFiles(store: library.store, files: walk.files, workers: settings.workers)
        result.shared = shared
        result.report.sharedFiles = shared.count
        result.report.sharedBytes = shared.bytes
        checkRepository(directory, images.commits, shared, &result.report)
        checkApps(directory, images.apps, shared, &result.report)
        checkAppNames(directory, result.report.images, &result.report)
        try checkSnaps(directory, &result.report)
        result.inventory = try inventory(of: directory, walk.files, &result.report)
        // Where it is staged is nobody's business, and changes every time.
        result.report.makeRelative(to: directory.path)
        return result
    }

    private func checkMetadata(_ directory: Directory, _ result: inout Result) -> ImageCheck.Outcome {
        guard let tuf = try? directory.directory("tuf") else {
            result.report.add(Finding(.fatal, "tuf", .partMissing, "it is missing; an update holds tuf/, ostree_repo/ and apps/"))
            return ImageCheck.Outcome()
        }
        let trust = library.trust(of: key.channel)
        let metadata = MetadataCheck(key: key, trust: trust, settings: settings, now: now).run(tuf)
        for finding in metadata.findings { result.report.add(finding) }
        result.report.images = metadata.images
        result.report.expires = metadata.expires
        result.newRoots = metadata.newRoots
        // What was refused names no image: a finding about that would only repeat it.
        guard metadata.expires != nil else { return ImageCheck.Outcome() }
        let images = ImageCheck(key: key).run(metadata.images)
        for finding in images.findings { result.report.add(finding) }
        return images
    }

    private func checkRepository(
        _ directory: Directory, _ commits: [Checksum], _ shared: SharedFiles, _ report: inout UpdateReport
    ) {
        let part = "ostree_repo"
        let repository: OSTree.Repository
        do {
            repository = try OSTree.Repository(directory.directory(part))
        } catch let error as OSTreeError {
            return report.add(Finding(.fatal, "\(part)/config", slug: error.code.rawValue, error.message))
        } catch {
            return report.add(Finding(.fatal, part, .partMissing, "it is missing; an update holds tuf/, ostree_repo/ and apps/"))
        }
        let closure = ClosureCheck(
            repository: repository, workers: settings.workers, isKnown: { shared.contains(.object($0)) },
            progress: { [progress] made in
                progress(VerificationProgress(step: .objects, done: Int64(made.objects), total: Int64(made.total), unit: .files))
            }
        ).run(commits: commits)
        report.add(
            closure.findings.map { finding in
                Finding(finding.isWarning ? .warning : .fatal, "\(part)/\(finding.path)", slug: finding.code.rawValue, finding.message)
            }, fatal: closure.errors, warnings: closure.warnings)
    }

    private func checkApps(
        _ directory: Directory, _ apps: [(name: AppName, digest: Digest)], _ shared: SharedFiles, _ report: inout UpdateReport
    ) {
        guard let blobs = try? directory.directory("apps/blobs/sha256") else {
            for app in apps {
                report.add(
                    Finding(.fatal, "apps/blobs/sha256/\(app.digest.hex)", .partMissing, "the manifest of the app \(app.name) is missing"))
            }
            return
        }
        let check = AppCheck(
            blobs: blobs, workers: settings.workers,
            isKnown: { shared.contains(.blob(Digest(checkedHex: $0.hex))) },
            progress: { [progress] made in
                progress(VerificationProgress(step: .apps, done: Int64(made.blobs), total: Int64(made.total), unit: .files))
            })
        let closure = check.run(apps: apps.compactMap { app in BlobDigest(hex: app.digest.hex).map { (app.name.text, $0) } })
        report.add(
            closure.findings.map { finding in
                Finding(finding.isWarning ? .warning : .fatal, "apps/\(finding.path)", slug: finding.code.rawValue, finding.message)
            }, fatal: closure.errors, warnings: closure.warnings)
    }

    /// `apps/apps/<app>/<digest>/uri` must say what the target says; a bundle without it serves all the same.
    private func checkAppNames(_ directory: Directory, _ images: [ImageTarget], _ report: inout UpdateReport) {
        for image in images {
            for (app, uri) in image.apps.sorted(by: { $0.key < $1.key }) {
                guard let name = try? AppName(app), let at = uri.lastIndex(of: "@"), let digest = try? Digest(uri[uri.index(after: at)...])
                else { continue }
                let path = "apps/apps/\(name)/\(digest.hex)/uri"
                guard let bytes = try? directory.contents(of: path, limit: 4096) else {
                    report.add(Finding(.warning, path, .partMissing, "it is missing; tools that read bundles find the app by it"))
                    continue
                }
                let written = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace)
                guard written.count == 1, written[0].utf8.elementsEqual(uri.utf8) else {
                    report.add(Finding(.fatal, path, .appUnnamed, "it names another app than tuf/targets.json does; make the bundle anew"))
                    continue
                }
            }
        }
    }

    private func checkSnaps(_ directory: Directory, _ report: inout UpdateReport) throws(UpdateTreeError) {
        guard let snaps = try? directory.directory("snaps") else { return }
        progress(VerificationProgress(step: .snaps, done: 0, total: 0, unit: .files))
        let outcome = try storage { () throws(FileTreeError) in
            try SnapFolderCheck(folder: snaps, path: "snaps", workers: settings.workers).run()
        }
        for finding in outcome.findings { report.add(finding) }
    }

    /// Names every file's content: shared content by its path, the rest by a digest that is taken now.
    private func inventory(
        of directory: Directory, _ files: [UpdateWalk.File], _ report: inout UpdateReport
    ) throws(UpdateTreeError) -> Inventory {
        let plain = files.indices.filter { files[$0].shared == nil }
        let digests = Mutex<[Int: Swift.Result<Digest, FileTreeError>]>([:])
        Parallel.forEach(plain, workers: settings.workers) { index in
            let digest = Swift.Result { () throws(FileTreeError) in try FileDigest.of(directory.openFile(files[index].path)) }
            digests.withLock { $0[index] = digest }
        }
        let known = digests.withLock { $0 }
        var listed: [Inventory.File] = []
        listed.reserveCapacity(files.count)
        for (index, file) in files.enumerated() {
            if let shared = file.shared {
                listed.append(Inventory.File(path: file.path, size: file.status.size, content: .shared(shared)))
                continue
            }
            switch known[index] {
            case .success(let digest)?:
                listed.append(Inventory.File(path: file.path, size: file.status.size, content: .plain(digest)))
            case .failure(let error)?: report.add(Finding(.fatal, file.path, slug: error.code.rawValue, error.message))
            case nil: report.add(Finding(.fatal, file.path, .contentChanged, "it vanished while the update was checked; check again"))
            }
        }
        return Inventory(listed)
    }
}
