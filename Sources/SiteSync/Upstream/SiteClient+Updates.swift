import Foundation
import UpdateTree

extension SiteClient {
    private struct Listing: Decodable {
        struct Entry: Decodable {
            let channel: Channel
            let tag: Tag
            let name: UpdateName
            let inventory: String
            let bytes: Int64
            let files: Int
        }

        let updates: [Entry]
    }

    /// What the upstream lets this site read, in order of path.
    public func listing() async throws -> [ListedUpdate] {
        let bytes = try await whole("/site/v1/updates", limit: Self.largestListing)
        do {
            let entries = try JSONDecoder().decode(Listing.self, from: Data(bytes)).updates
            let updates = try entries.map { entry in
                guard entry.bytes >= 0, entry.files >= 0 else { throw SiteSyncError(.answerInvalid, "a size is negative") }
                return ListedUpdate(
                    key: UpdateKey(channel: entry.channel, tag: entry.tag, name: entry.name), inventory: try Digest(entry.inventory),
                    bytes: entry.bytes, files: entry.files)
            }
            guard Set(updates.map(\.key)).count == updates.count else { throw SiteSyncError(.answerInvalid, "an update stands twice") }
            return updates
        } catch {
            throw SiteSyncError(.answerInvalid, "the list of updates cannot be used (\(error)); is \(address) an OTAServe server?")
        }
    }

    /// The inventory of a listed update, compared with the digest in the list.
    public func inventory(of update: ListedUpdate) async throws -> Inventory {
        let bytes = try await whole("/site/v1/updates/\(update.key.path)/inventory", limit: Inventory.largest)
        guard Digest(of: bytes) == update.inventory else {
            throw SiteSyncError(.changed, "\(update.key) changed since it was listed; the next sync takes it")
        }
        do {
            let inventory = try Inventory(parsing: String(decoding: bytes, as: UTF8.self))
            // Read and written again it must be the same: what is here later is compared by that.
            guard Digest(of: inventory.text.utf8) == update.inventory else {
                throw UpdateTreeError(.inventoryInvalid, "it is not written as an inventory is")
            }
            return inventory
        } catch {
            throw SiteSyncError(.answerInvalid, "the inventory of \(update.key) cannot be used: \(error)")
        }
    }

    /// The files of an update.
    public func source(of update: UpdateKey) -> UpstreamUpdate { UpstreamUpdate(client: self, key: update) }
}
