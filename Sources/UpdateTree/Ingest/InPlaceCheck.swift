import FileTree
import TUF

/// Checks an update that lies in the tree already: one that somebody copied there, or that changed since its check.
public struct InPlaceCheck: Sendable {
    let library: UpdateLibrary
    let settings: VerificationSettings
    let progress: @Sendable (VerificationProgress) -> Void

    public init(
        library: UpdateLibrary, settings: VerificationSettings, progress: @escaping @Sendable (VerificationProgress) -> Void = { _ in }
    ) {
        self.library = library
        self.settings = settings
        self.progress = progress
    }

    /// Checks the update and records what was found. Throws `.updateChanged` when it was changed meanwhile: nothing is
    /// recorded then.
    public func run(_ key: UpdateKey, now: MetadataTime) throws(UpdateTreeError) -> UpdateReport {
        guard let directory = try? library.catalogue.root.directory(key.path) else {
            throw UpdateTreeError(.updateUnknown, "there is no update \(key); see the list of updates")
        }
        let before = UpdateFingerprint(directory)
        let result = try UpdateVerification(library: library, key: key, settings: settings, now: now, progress: progress).run(directory)
        guard UpdateFingerprint(directory) == before else {
            throw UpdateTreeError(.updateChanged, "the update \(key) was changed while it was checked; wait until the copy is complete")
        }
        let acceptance = UpdateAcceptance(library: library, progress: progress)
        if result.report.isAccepted {
            try acceptance.share(result, in: directory)
            try acceptance.trust(result.newRoots, of: key.channel)
            try acceptance.observe(directory, of: key)
        }
        try acceptance.record(result, of: directory, now: now)
        return result.report
    }
}
