import Fleet

/// The files of a place without their values: in a history, and behind a change, whose caller may not be one who may read.
struct ConfigurationVersionDocument: Encodable, Sendable {
    struct File: Encodable, Sendable {
        let name: String
        let size: Int
        let digest: String
    }

    /// 0 when no file was ever set.
    let version: Int
    let changedAt: Nullable<Timestamp>
    let author: Nullable<String>
    let reason: Nullable<String>
    let files: [File]

    init(_ version: ConfigurationVersion?) {
        self.version = version?.number ?? 0
        changedAt = Nullable(version.map { Timestamp($0.time) })
        author = Nullable(version?.author)
        reason = Nullable(version?.reason.text)
        files =
            version?.files.names.compactMap { name in
                version?.files[name].map { File(name: name.text, size: $0.value.utf8.count, digest: $0.digest.description) }
            } ?? []
    }
}
