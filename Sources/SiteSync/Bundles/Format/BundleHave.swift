import UpdateTree

/// What a receiver has already, so that a bundle for it need not carry it: its updates, and the content they share.
public struct BundleHave: Equatable, Sendable {
    public static let mostContents = 4_000_000
    public static let mostUpdates = 100_000

    /// The digest of each update's inventory.
    public let updates: [UpdateKey: Digest]
    public let contents: Set<SharedContent>

    public init(updates: [UpdateKey: Digest], contents: Set<SharedContent>) {
        self.updates = updates
        self.contents = contents
    }

    /// What a library has: accepted as it lies there, and in the store.
    public static func of(_ library: UpdateLibrary) throws -> BundleHave {
        var updates: [UpdateKey: Digest] = [:]
        var contents = Set<SharedContent>()
        for update in try library.verdicts.listed() {
            guard let text = try library.verdicts.inventoryText(of: update.key) else { continue }
            updates[update.key] = update.inventory
            for file in try Inventory(parsing: String(decoding: text, as: UTF8.self)).files {
                guard case .shared(let content) = file.content, !contents.contains(content), library.store.contains(content) else {
                    continue
                }
                contents.insert(content)
            }
        }
        guard contents.count <= mostContents, updates.count <= mostUpdates else {
            throw BundleError(.haveInvalid, "there is more here than the file can hold; export without one, or delete updates")
        }
        return BundleHave(updates: updates, contents: contents)
    }
}
