/// The two hashes by which a device's snap list is known to have changed. Made by the device; opaque to the server.
public struct SnapHashes: Hashable, Sendable {
    /// Of the whole list (`snapListHash`).
    public let list: String
    /// Of the names (`installedSnapsHash`).
    public let names: String

    /// Characters of each.
    public static let longest = 256

    public init(list: String, names: String) {
        self.list = list
        self.names = names
    }

    /// Nil when both are absent or empty, as agents from before the hashes send them.
    init?(list: String?, names: String?, refusedAs code: SnapsError.Code) throws(SnapsError) {
        let list = list ?? ""
        let names = names ?? ""
        if list.isEmpty, names.isEmpty { return nil }
        guard list.utf8.count <= Self.longest, names.utf8.count <= Self.longest else {
            throw SnapsError(code, "a hash of the snap list has at most \(Self.longest) characters")
        }
        self.init(list: list, names: names)
    }
}
