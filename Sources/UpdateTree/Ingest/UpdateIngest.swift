import Archive
import FileTree
import TUF

/// Brings an update into the tree: staged in a private place, checked there, its content shared, then visible by one
/// rename. Killed at any moment, the tree is as it was or has the whole update.
///
/// ```swift
/// let report = try UpdateIngest(library: library, settings: settings).run(.directory(path: "42"), as: key, now: now)
/// guard report.isAccepted else { … report.findings … }
/// ```
public struct UpdateIngest: Sendable {
    let library: UpdateLibrary
    let settings: VerificationSettings
    let limits: UnpackLimits
    let description: MetadataGeneration?
    let progress: @Sendable (VerificationProgress) -> Void

    /// - Parameter description: makes metadata for content that comes without; nil refuses such content.
    public init(
        library: UpdateLibrary, settings: VerificationSettings, limits: UnpackLimits = UnpackLimits(),
        description: MetadataGeneration? = nil, progress: @escaping @Sendable (VerificationProgress) -> Void = { _ in }
    ) {
        self.library = library
        self.settings = settings
        self.limits = limits
        self.description = description
        self.progress = progress
    }

    /// Throws when the source cannot be read as an update at all, or the disk fails; else the report says whether the
    /// update was accepted. A refused one leaves nothing behind.
    public func run(_ source: UpdateSource, as key: UpdateKey, now: MetadataTime) throws(UpdateTreeError) -> UpdateReport {
        guard !library.catalogue.contains(key) else { throw Self.exists(key) }
        let root = library.catalogue.root
        let staging = "\(Staging.prefix)import-\(Staging.uniqueName())"
        defer { try? root.remove(staging) }
        let place = try storage { () throws(FileTreeError) in try root.makeDirectory(staging, mode: 0o700) }
        let staged = try stage(source, in: place)
        return try accept(staged.content, leftOut: staged.leftOut, as: key, now: now)
    }

    /// Checks what was staged elsewhere beneath `updates/` and makes it visible when it is accepted.
    func accept(
        _ content: Directory, leftOut: [String] = [], as key: UpdateKey, now: MetadataTime
    ) throws(UpdateTreeError) -> UpdateReport {
        var generated = false
        if let description, content.entry("tuf") == nil {
            try description.run(content, key: key, now: now)
            generated = true
        }
        var result = try UpdateVerification(library: library, key: key, settings: settings, now: now, progress: progress).run(content)
        result.report.metadataGenerated = generated
        for name in leftOut {
            result.report.add(Finding(.warning, name, .partUnknown, "this is no part of an update and was not copied"))
        }
        guard result.report.isAccepted else { return result.report }
        let acceptance = UpdateAcceptance(library: library, progress: progress)
        try acceptance.share(result, in: content)
        try acceptance.trust(result.newRoots, of: key.channel)
        try acceptance.observe(content, of: key)
        let lock = try library.verdicts.waitToPublish()
        defer { withExtendedLifetime(lock) {} }
        guard !library.catalogue.contains(key) else { throw Self.exists(key) }
        // Before the rename: the update is known as accepted from the moment it is there.
        try acceptance.record(result, of: content, now: now)
        try publish(content, as: key)
        return result.report
    }

    private static func exists(_ key: UpdateKey) -> UpdateTreeError {
        UpdateTreeError(.updateExists, "there is an update \(key) already; delete it or choose another name")
    }

    private func stage(
        _ source: UpdateSource, in place: Directory
    ) throws(UpdateTreeError) -> (content: Directory, leftOut: [String]) {
        let target = try storage { () throws(FileTreeError) in try place.makeDirectory("content") }
        let staged = StagedContent(store: library.store, workers: settings.workers, progress: progress)
        switch source {
        case .archive(let archive, _): return try staged.unpack(archive, to: target, limits: limits)
        case .directory(let path):
            do throws(FileTreeError) {
                return (target, try staged.copy(Directory(path: path), to: target))
            } catch {
                switch error.code {
                case .full, .failed, .inUse, .notCached, .alreadyExists: throw UpdateTreeError(error)
                case .notFound, .notPlain, .notPermitted, .tooLarge:
                    throw UpdateTreeError(.sourceInvalid, "\(path) cannot be imported: \(error.message)")
                }
            }
        }
    }

    private func publish(_ content: Directory, as key: UpdateKey) throws(UpdateTreeError) {
        do throws(FileTreeError) {
            let root = library.catalogue.root
            let channel = try root.makeDirectory(key.channel.rawValue)
            let tag = try channel.makeDirectory(key.tag.text)
            let relative = String(content.path.dropFirst(root.path.utf8.count + 1))
            try root.move(relative, to: tag, as: key.name.text)
            try tag.syncNames()
        } catch {
            throw error.code == .alreadyExists ? Self.exists(key) : UpdateTreeError(error)
        }
    }
}
