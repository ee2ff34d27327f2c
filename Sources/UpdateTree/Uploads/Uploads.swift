import FileTree

/// Archives that are on their way in: `uploads/<id>/archive`, with the update it is for in `uploads/<id>/update`.
///
/// What was received stays when a connection is cut, and the next part goes on behind it. An upload that nobody went on
/// with for a day is removed.
public struct Uploads: Sendable {
    /// Bytes of one archive, unless configured.
    public static let largest: Int64 = 64 << 30
    public static let most = 16
    /// Seconds.
    static let patience: Int64 = 86_400

    private let root: Directory
    private let largest: Int64

    public static func open(dataDirectory: Directory, largest: Int64 = largest) throws(UpdateTreeError) -> Uploads {
        Uploads(root: try storage { () throws(FileTreeError) in try dataDirectory.makeDirectory("uploads", mode: 0o700) }, largest: largest)
    }

    /// Opens the upload `id`, making it when it is absent. One request at a time may hold it.
    public func open(_ id: UploadID, for key: UpdateKey) throws(UpdateTreeError) -> Upload {
        let isNew = root.entry(id.text) == nil
        if isNew, try storage({ () throws(FileTreeError) in try root.names().count }) >= Self.most {
            throw UpdateTreeError(.uploadBusy, "\(Self.most) uploads are under way; wait until one has ended")
        }
        do throws(FileTreeError) {
            let place = try root.makeDirectory(id.text, mode: 0o700)
            let lock = try place.lock("lock")
            if isNew { try place.replace("update", with: key.path.utf8) }
            let owner = try place.contents(of: "update", limit: 1024)
            guard owner.elementsEqual(key.path.utf8) else {
                throw FileTreeError(.notPlain, "it is the upload of another update, \(String(decoding: owner, as: UTF8.self))")
            }
            let archive = try place.openForWriting("archive", mode: 0o600)
            return Upload(id: id, archive: archive, lock: lock, received: try archive.status().size, largest: largest)
        } catch {
            switch error.code {
            case .inUse: throw UpdateTreeError(.uploadBusy, "another request sends the upload \(id); wait until it has ended")
            case .notPlain: throw UpdateTreeError(.uploadInvalid, "the upload \(id) cannot go on: \(error.message)")
            default: throw UpdateTreeError(error)
            }
        }
    }

    /// How many bytes of the upload are here; nil when there is no such upload.
    public func received(_ id: UploadID) -> (update: String, bytes: Int64)? {
        guard let place = try? root.directory(id.text), let owner = try? place.contents(of: "update", limit: 1024) else { return nil }
        return (String(decoding: owner, as: UTF8.self), place.entry("archive")?.size ?? 0)
    }

    public func remove(_ id: UploadID) throws(UpdateTreeError) {
        try storage { () throws(FileTreeError) in try root.remove(id.text) }
    }

    /// Removes uploads that nobody went on with for a day. To be called at start and now and then.
    ///
    /// - Parameter now: seconds since 1970.
    public func collect(now: Int64) throws(UpdateTreeError) {
        for name in try storage({ () throws(FileTreeError) in try root.names() }) {
            let place = try? root.directory(name)
            let touched = place?.entry("archive")?.modifiedSeconds ?? root.entry(name)?.modifiedSeconds ?? 0
            guard now - touched > Self.patience, (try? place?.lock("lock")) != nil else { continue }
            try storage { () throws(FileTreeError) in try root.remove(name) }
        }
    }
}
