import Fleet
import Foundation

/// A version of configuration files as it stands in its file.
struct ConfigurationDocument: Codable {
    struct File: Codable {
        let value: String
        let onChanged: [String]
        let unencrypted: Bool
    }

    let version: Int
    /// RFC 3339, UTC.
    let changedAt: String
    let author: String
    let reason: String
    let files: [String: File]

    init(_ version: ConfigurationVersion) {
        self.version = version.number
        changedAt = Date(timeIntervalSince1970: TimeInterval(version.time)).formatted(.iso8601)
        author = version.author
        reason = version.reason.text
        files = Dictionary(
            version.files.files.map {
                ($0.key.text, File(value: $0.value.value, onChanged: $0.value.onChanged, unencrypted: $0.value.isUnencrypted))
            },
            uniquingKeysWith: { first, _ in first })
    }

    /// - Parameter number: what the file's name says.
    func version(number: Int) throws -> ConfigurationVersion {
        guard version == number else { throw CocoaError(.coderReadCorrupt) }
        var files: [ConfigurationFileName: ConfigurationFile] = [:]
        for (name, file) in self.files {
            files[try ConfigurationFileName(name)] = try ConfigurationFile(
                value: file.value, onChanged: file.onChanged, isUnencrypted: file.unencrypted)
        }
        return ConfigurationVersion(
            number: version, time: Int64(try Date(changedAt, strategy: .iso8601).timeIntervalSince1970), author: author,
            reason: try ConfigurationReason(reason), files: try Fleet.ConfigurationFiles(files))
    }
}
