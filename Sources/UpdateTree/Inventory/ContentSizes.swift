/// How many bytes of an update's content devices are sent, by what they run.
///
/// Content is what is named by its digest: objects of the OSTree repository and blobs of apps, as they lie on the disk.
/// What a device asks for may be less: one of several images or apps, or a static delta instead of objects.
public struct ContentSizes: Sendable {
    private let library: UpdateLibrary
    private let content: [SharedContent: Int64]?
    /// The updates of the same channel and tag, by the names of their targets.
    private let updates: [String: UpdateKey]

    /// Reads files.
    public init(of key: UpdateKey, in library: UpdateLibrary) throws {
        self.library = library
        content = try Self.content(of: key, in: library)
        var updates: [String: UpdateKey] = [:]
        for other in try library.catalogue.keys() where other != key && other.channel == key.channel && other.tag == key.tag {
            for name in library.targetNames(of: other) { updates[name] = other }
        }
        self.updates = updates
    }

    /// Nil while the update was not checked: nobody knows what is in it.
    ///
    /// All of it for a target of no update here, and for none. Reads files: ask once for each target.
    public func bytes(from target: String?) -> Int64? {
        guard let content else { return nil }
        let present = target.flatMap { updates[$0] }.flatMap { try? Self.content(of: $0, in: library) } ?? [:]
        return content.reduce(0) { sum, file in
            present[file.key] == nil ? sum.addingReportingOverflow(file.value).partialValue : sum
        }
    }

    private static func content(of key: UpdateKey, in library: UpdateLibrary) throws -> [SharedContent: Int64]? {
        guard let text = try library.verdicts.inventoryText(of: key) else { return nil }
        var content: [SharedContent: Int64] = [:]
        for file in try Inventory(parsing: String(decoding: text, as: UTF8.self)).files {
            if case .shared(let shared) = file.content { content[shared] = file.size }
        }
        return content
    }
}
