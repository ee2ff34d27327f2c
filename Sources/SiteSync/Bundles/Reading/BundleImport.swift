import TUF
import UpdateTree

/// Takes the updates of a bundle into the tree, each as a whole or not at all.
///
/// ```swift
/// let verified = try BundleVerification(trust: trust, site: name, library: library).run(.open(path: path), now: now)
/// let outcomes = await BundleImport(library: library, settings: settings).run(verified, now: MetadataTime(seconds: now))
/// ```
///
/// An update is checked as one that comes over the wire: by the channel's own roots, to the last byte. Killed at any
/// moment, importing the same bundle again goes on where it was.
public struct BundleImport: Sendable {
    private let library: UpdateLibrary
    private let settings: VerificationSettings
    private let progress: @Sendable (VerificationProgress) -> Void
    private let checkpoint: @Sendable (String) throws -> Void

    public init(
        library: UpdateLibrary, settings: VerificationSettings, progress: @escaping @Sendable (VerificationProgress) -> Void = { _ in }
    ) {
        self.init(library: library, settings: settings, progress: progress, checkpoint: { _ in })
    }

    init(
        library: UpdateLibrary, settings: VerificationSettings, progress: @escaping @Sendable (VerificationProgress) -> Void = { _ in },
        checkpoint: @escaping @Sendable (String) throws -> Void
    ) {
        self.library = library
        self.settings = settings
        self.progress = progress
        self.checkpoint = checkpoint
    }

    /// One outcome for each update, in the order of the bundle: one that is refused keeps no other back.
    public func run(_ verified: VerifiedBundle, now: MetadataTime) async -> [BundleOutcome] {
        var outcomes: [BundleOutcome] = []
        for update in verified.updates {
            guard !library.holds(update.inventory, as: update.key) else {
                outcomes.append(BundleOutcome(key: update.key, result: .alreadyHere))
                continue
            }
            // One after the other: a stick is one device.
            let transfer = UpdateTransfer(library: library, settings: settings, parallel: 1, progress: progress)
            let source = BundleSource(key: update.key, contents: verified.bundle.contents, checkpoint: checkpoint)
            do {
                let report = try await transfer.run(update.key, inventory: update.inventory, from: source, now: now)
                outcomes.append(BundleOutcome(key: update.key, result: report.isAccepted ? .imported(report) : .refused(report)))
            } catch {
                outcomes.append(BundleOutcome(key: update.key, result: .failed(error)))
            }
        }
        return outcomes
    }
}
