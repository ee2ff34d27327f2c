import ArgumentParser

struct ShowEffectiveConfiguration: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "effective", abstract: "Which files a device gets, and from which level each of them comes.")

    @OptionGroup var connection: ConnectionOptions
    @Option(help: ArgumentHelp("The device.", valueName: "uuid")) var device: String

    func run(_ client: AdminClient) async throws {
        let document = try await client.call(.GET, DevicesCommand.path(device, "config"))
        if isJSON { return try StandardOutput.json(document) }
        let rows = document["files"].array.map { file in
            [
                file["name"].cell, file["levels"].cell, ConfigCommand.size(of: file),
                file["unencrypted"] == .bool(true) ? "" : "encrypted", file["onChanged"].cell,
            ]
        }
        try Table(["FILE", "FROM", "BYTES", "", "ON CHANGED"], rows, empty: "no files").print()
    }
}
