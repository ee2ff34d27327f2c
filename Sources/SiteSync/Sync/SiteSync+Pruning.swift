import UpdateTree

extension SiteSync {
    /// Removes updates that came from the upstream and that it lists no more.
    ///
    /// An empty list removes nothing, nor does the last update of a tag ever go: a list may be short because the
    /// certificate grants less than before, or because somebody's disk is not mounted.
    func prune(_ listing: [ListedUpdate], _ selection: SiteSelection, _ status: inout SiteStatus) async {
        guard let removal, !listing.isEmpty else { return }
        let listed = Set(listing.map(\.key))
        let tags = Set(listing.map { TagKey($0.key) })
        for key in status.known where !listed.contains(key) && tags.contains(TagKey(key)) && selection.includes(key) {
            guard library.catalogue.contains(key) else {
                status.known.removeAll { $0 == key }
                continue
            }
            var entry = SyncReport.Entry(update: key.path, outcome: .failed)
            do {
                let isRemoved = try await removal(key)
                entry = SyncReport.Entry(update: key.path, outcome: isRemoved ? .removed : .kept)
                if isRemoved { status.known.removeAll { $0 == key } }
                logger.notice("site_update_pruned", metadata: ["update": "\(key)", "outcome": "\(entry.outcome.rawValue)"])
            } catch {
                entry.reason = "it could not be removed: \(error)"
                logger.warning("site_update_not_pruned", metadata: ["update": "\(key)", "reason": "\(error)"])
            }
            status.report.updates.append(entry)
        }
    }

    private struct TagKey: Hashable {
        let channel: Channel
        let tag: Tag

        init(_ key: UpdateKey) {
            channel = key.channel
            tag = key.tag
        }
    }
}
