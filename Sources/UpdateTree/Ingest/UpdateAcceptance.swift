import FileTree
import TUF

/// What follows a check of an update: shared content goes to the store, the roots that came with it are trusted, and
/// the verdict is recorded.
struct UpdateAcceptance {
    let library: UpdateLibrary
    let progress: @Sendable (VerificationProgress) -> Void

    /// Takes an accepted update's content into the store and returns when everything is on the disk.
    func share(_ result: UpdateVerification.Result, in directory: Directory) throws(UpdateTreeError) {
        try storage { () throws(FileTreeError) in
            var open: (path: Substring, directory: Directory)?
            var done: Int64 = 0
            for file in result.files {
                done += 1
                if done.isMultiple(of: 1024) {
                    progress(VerificationProgress(step: .sharing, done: done, total: Int64(result.files.count), unit: .files))
                }
                guard let shared = file.shared, result.shared?.contains(shared) != true,
                    let slash = file.path.lastIndex(of: "/")
                else { continue }
                let folder = file.path[..<slash]
                if open?.path != folder { open = (folder, try directory.directory(String(folder))) }
                guard let parent = open?.directory else { continue }
                try library.store.adopt(shared, from: parent, name: String(file.path[file.path.index(after: slash)...]))
            }
            progress(VerificationProgress(step: .syncing, done: 0, total: 0, unit: .files))
            // One flush for thousands of files; each on its own would take minutes.
            try directory.syncFileSystem()
        }
    }

    /// Trusts the newer roots that an accepted update brought: properly signed by the channel's newest one.
    func trust(_ roots: [[UInt8]], of channel: Channel) throws(UpdateTreeError) {
        guard !roots.isEmpty else { return }
        do {
            try library.trust(of: channel).adopt(roots)
        } catch {
            throw UpdateTreeError(.storage, "a new root of the channel \(channel) cannot be kept: \(error.message)")
        }
    }

    /// Takes note of the versions in metadata that others signed: what is signed here later must be newer. Only where
    /// something is signed here.
    func observe(_ directory: Directory, of key: UpdateKey) throws(UpdateTreeError) {
        let repository = library.repository(of: key.channel, secret: nil)
        guard repository.signsHere, let files = MetadataRefresh.read(directory) else { return }
        do {
            try repository.observe(files, tag: key.tag.text)
        } catch {
            throw UpdateTreeError(.storage, "the versions of \(key) cannot be noted: \(error.message)")
        }
    }

    func record(
        _ result: UpdateVerification.Result, of directory: Directory, now: MetadataTime
    ) throws(UpdateTreeError) {
        let inventory = result.report.isAccepted ? result.inventory : nil
        let verdict = Verdict(
            result.report, inventory: inventory, fingerprint: UpdateFingerprint(directory), checkedAt: now.seconds)
        try library.verdicts.record(verdict, inventory: inventory, of: result.report.key)
    }
}
