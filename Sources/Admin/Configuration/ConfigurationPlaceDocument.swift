import Fleet

/// The files of one place as they are now.
struct ConfigurationPlaceDocument: Encodable, Sendable {
    struct File: Encodable, Sendable {
        let name: String
        let value: String
        let onChanged: [String]
        let unencrypted: Bool
        /// SHA-256 of the value.
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
        files = version?.files.names.compactMap { name in version?.files[name].map { File(name, $0) } } ?? []
    }
}

extension ConfigurationPlaceDocument.File {
    init(_ name: ConfigurationFileName, _ file: ConfigurationFile) {
        self.init(
            name: name.text, value: file.value, onChanged: file.onChanged, unencrypted: file.isUnencrypted,
            digest: file.digest.description)
    }
}
