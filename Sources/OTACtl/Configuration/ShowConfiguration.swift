import ArgumentParser
import Foundation

struct ShowConfiguration: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "List the files of a place, or print the value of one.",
        discussion: "The list has no values: they may be secrets. -o json has them.")

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var place: ConfigurationPlaceOptions
    @Option(help: "An earlier version; see otactl config history.") var version: Int?
    @Argument(help: "The file whose value is printed.") var name: String?

    func run(_ client: AdminClient) async throws {
        let path = version.map { place.path("history", String($0)) } ?? place.path()
        let document = try await client.call(.GET, path)
        guard let name else {
            if isJSON { return try StandardOutput.json(document) }
            let rows = document["files"].array.map { file in
                [
                    file["name"].cell, ConfigCommand.size(of: file), file["unencrypted"] == .bool(true) ? "" : "encrypted",
                    file["onChanged"].cell,
                ]
            }
            return try Table(["FILE", "BYTES", "", "ON CHANGED"], rows, empty: "no files").print()
        }
        guard let file = document["files"].array.first(where: { $0["name"].string == name }) else {
            throw ControlError(.failed, "configuration-unknown", "no file \(name) is set here; see otactl config show without a name")
        }
        if isJSON { return try StandardOutput.json(file) }
        let value = file["value"].string ?? ""
        if StandardOutput.isTerminal {
            try StandardOutput.line(Plain.text(value))
        } else {
            try StandardOutput.write(Data(value.utf8))
        }
    }
}
