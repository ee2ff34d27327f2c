import FileTree

/// A root that waits for signatures: `pending/N.root.json`, an ordinary root file with the signatures so far.
struct PendingRoot {
    static let folderName = "pending"

    let channel: Directory

    /// The waiting root that follows `newest`; nil when none waits. One that is out already is passed over: a crash came
    /// between its publication and its removal.
    func current(after newest: ChannelTrust.Root?) throws(TUFError) -> Envelope? {
        guard let folder = try channel.folder(Self.folderName) else { return nil }
        let version = (newest?.version ?? 0) + 1
        guard let bytes = try folder.metadata(RootFileName.text(version), limit: ChannelTrust.largest) else { return nil }
        let envelope = try Envelope(parsing: bytes, as: .root)
        guard try RootMetadata(envelope).version == version else {
            throw TUFError(.versionMismatch, "\(folder.path)/\(RootFileName.text(version)) holds another version; remove it")
        }
        return envelope
    }

    func store(_ bytes: [UInt8], version: Int64) throws(TUFError) {
        try channel.privateFolder(Self.folderName).store(RootFileName.text(version), bytes)
    }

    func clear() throws(TUFError) {
        guard let folder = try channel.folder(Self.folderName) else { return }
        for name in try folder.list() where RootFileName.version(name) != nil { try folder.discard(name) }
    }
}
