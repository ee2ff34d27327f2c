import FileTree
import UpdateTree

/// Copies of damaged content that the upstream server has: fetched before a repair asks for them.
///
/// ```swift
/// let found = try await UpstreamContent.fetch(damaged, from: client, library: library)
/// defer { found.discard() }
/// let mends = try StoreRepair(library: library, sources: [found]).repair(report, now: now)
/// ```
///
/// Nothing is checked here: a repair checks every copy before it uses it.
public struct UpstreamContent: ContentSource {
    public let name: String
    private let folder: StagingFolder

    /// Asks the upstream for each of `contents`, in all updates that it lets this site read. What it does not have is
    /// missing later; throws when it cannot be asked, or the disk is full.
    public static func fetch(
        _ contents: Set<SharedContent>, from client: SiteClient, library: UpdateLibrary
    ) async throws -> UpstreamContent {
        // A sync beside this collects what it finds staged, unless an import runs.
        let claim = try ImportClaim.importing(into: library.data)
        defer { withExtendedLifetime(claim) {} }
        let found = UpstreamContent(name: client.address.text, folder: try StagingFolder(in: library, purpose: "repair"))
        do {
            var missing = contents
            for update in try await client.listing() where !missing.isEmpty {
                let source = client.source(of: update.key)
                for file in try await client.inventory(of: update).files {
                    guard case .shared(let content) = file.content, missing.remove(content) != nil else { continue }
                    try await source.fetch(file, from: 0, into: found.folder.create(content))
                }
            }
            return found
        } catch {
            found.discard()
            throw error
        }
    }

    public func content(_ content: SharedContent) throws -> Descriptor? { try folder.open(content) }

    /// Removes what was fetched. A killed repair's is removed at the next start of the server.
    public func discard() { folder.remove() }
}
