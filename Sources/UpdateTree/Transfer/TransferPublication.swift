import FileTree
import TUF

/// Checks an assembled update as every import is checked, and gives it its name in one step: beside nothing, or in the
/// place of the update that has the name now.
struct TransferPublication: Sendable {
    let library: UpdateLibrary
    let key: UpdateKey
    let settings: VerificationSettings
    let progress: @Sendable (VerificationProgress) -> Void
    let checkpoint: @Sendable (TransferStep) throws -> Void

    /// - Parameters:
    ///   - name: of the assembled update in `staging`; afterwards the replaced one lies there, if there was one.
    ///   - hadPresent: whether there was an update of this key when its metadata were compared with the new ones.
    func run(
        _ name: String, in staging: Directory, as inventory: Inventory, hadPresent: Bool, now: MetadataTime
    ) throws -> UpdateReport {
        let content = try storage { () throws(FileTreeError) in try staging.directory(name) }
        let result = try UpdateVerification(library: library, key: key, settings: settings, now: now, progress: progress).run(content)
        guard result.report.isAccepted else { return result.report }
        guard result.inventory.isSame(as: inventory) else {
            throw TransferError(
                .assemblyDiffers, "\(key) is not what its inventory says; run otaserve store verify --repair, and try again")
        }
        try checkpoint(.verified)
        let acceptance = UpdateAcceptance(library: library, progress: progress)
        try acceptance.share(result, in: content)
        try acceptance.trust(result.newRoots, of: key.channel)
        try checkpoint(.shared)
        let lock = try library.verdicts.waitToPublish()
        defer { withExtendedLifetime(lock) {} }
        guard hadPresent || !library.catalogue.contains(key) else {
            throw UpdateTreeError(.updateExists, "somebody else made an update \(key) meanwhile; try again")
        }
        // Before the step: the update is known as accepted from the moment it is there.
        try acceptance.record(result, of: content, now: now)
        try checkpoint(.recorded)
        try publish(name, in: staging)
        try checkpoint(.published)
        return result.report
    }

    private func publish(_ name: String, in staging: Directory) throws(UpdateTreeError) {
        try storage { () throws(FileTreeError) in
            let tag = try library.catalogue.root.makeDirectory(key.channel.rawValue).makeDirectory(key.tag.text)
            if library.catalogue.contains(key) {
                try tag.exchange(key.name.text, with: name, in: staging)
            } else {
                try staging.move(name, to: tag, as: key.name.text)
            }
            try tag.syncNames()
        }
    }
}
