import FileTree
import TUF

extension VerdictRecords {
    /// Carries an accepted update's verdict over to metadata that were signed here and put into its place: the content
    /// is the same, so nothing of it is read again.
    func renew(_ verdict: Verdict, of key: UpdateKey, metadata: [String: [UInt8]]) throws(UpdateTreeError) {
        let known = try inventory(of: key)
        var files = known.files.filter { !$0.path.hasPrefix("tuf/") || metadata[String($0.path.dropFirst(4))] == nil }
        for (name, bytes) in metadata {
            files.append(Inventory.File(path: "tuf/\(name)", size: Int64(bytes.count), content: .plain(Digest(of: bytes))))
        }
        let inventory = Inventory(files)
        let roles: [(String, TopRole)] = [("targets.json", .targets), ("snapshot.json", .snapshot), ("timestamp.json", .timestamp)]
        let expires = roles.compactMap { name, role -> MetadataTime? in
            guard let bytes = metadata[name], let envelope = try? Envelope(parsing: bytes, as: role) else { return nil }
            return try? RoleHeader(envelope).expires
        }.min()
        let directory = try storage { () throws(FileTreeError) in try catalogue.root.directory(key.path) }
        try record(
            Verdict(verdict, inventory: inventory, fingerprint: UpdateFingerprint(directory), expires: expires), inventory: inventory,
            of: key)
    }

    /// The recorded inventory of an update.
    func inventory(of key: UpdateKey) throws(UpdateTreeError) -> Inventory {
        let bytes = try storage { () throws(FileTreeError) in try root.contents(of: "\(key.path)/inventory", limit: Inventory.largest) }
        return try Inventory(parsing: String(decoding: bytes, as: UTF8.self))
    }
}
