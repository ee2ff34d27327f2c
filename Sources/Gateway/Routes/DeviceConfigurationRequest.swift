import Fleet
import Foundation

/// What a device sends to change its own configuration files.
struct DeviceConfigurationRequest {
    private struct Document: Decodable {
        struct File: Decodable {
            let name: String
            let value: String
            let unencrypted: Bool?
            let onChanged: [String]?

            enum CodingKeys: String, CodingKey {
                case name, value, unencrypted
                case onChanged = "on-changed"
            }
        }

        let reason: String?
        let files: [File]
    }

    let reason: ConfigurationReason
    let files: [ConfigurationFileName: ConfigurationFile]

    /// Bytes of a body: all files of a place, with what JSON escapes.
    static let largest = 1 << 20

    init(_ body: Data) throws(FleetError) {
        // What the decoder says may quote a value: it is not passed on.
        guard let document = try? JSONDecoder().decode(Document.self, from: body) else {
            throw FleetError(.configurationInvalid, "the body must be {\"reason\", \"files\": [{\"name\", \"value\", …}]}")
        }
        guard !document.files.isEmpty else { throw FleetError(.configurationInvalid, "`files` names no file; send at least one") }
        reason = try ConfigurationReason(Self.line(document.reason))
        var files: [ConfigurationFileName: ConfigurationFile] = [:]
        for file in document.files {
            files[try ConfigurationFileName(file.name)] = try ConfigurationFile(
                value: file.value, onChanged: file.onChanged ?? [], isUnencrypted: file.unencrypted ?? false)
        }
        self.files = files
    }

    /// A device is not turned away for the words of its reason: they are made to fit.
    private static func line(_ text: String?) -> String {
        let scalars = (text ?? "").unicodeScalars.filter { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }
        var line = ""
        for scalar in scalars {
            guard line.utf8.count + String(scalar).utf8.count <= ConfigurationReason.longest else { break }
            line.unicodeScalars.append(scalar)
        }
        return line.isEmpty ? "changed by the device" : line
    }
}
