import Fleet
import UpdateTree

/// A configuration file as the API reads and writes it.
struct ConfigurationFileDocument: Codable, Sendable {
    let value: String
    let onChanged: [String]?
    let unencrypted: Bool?

    init(_ file: ConfigurationFile) {
        value = file.value
        onChanged = file.onChanged
        unencrypted = file.isUnencrypted
    }

    /// An operator who does not say otherwise writes plain text.
    func file() throws(FleetError) -> ConfigurationFile {
        try ConfigurationFile(value: value, onChanged: onChanged ?? [], isUnencrypted: unencrypted ?? true)
    }
}

extension ConfigurationFile {
    var digest: Digest { Digest(of: value.utf8) }
}
