import ArgumentParser

struct ShowConfigurationHistory: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "Who changed the files of a place, when and why. The newest first.")

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var place: ConfigurationPlaceOptions

    func run(_ client: AdminClient) async throws {
        let document = try await client.list(place.path("history"), member: "versions")
        if isJSON { return try StandardOutput.json(document) }
        let rows = document["versions"].array.map { version in
            [
                version["version"].cell, version["changedAt"].cell, version["author"].cell, version["reason"].cell,
                JSON.array(version["files"].array.map { $0["name"] }).cell,
            ]
        }
        try Table(["VERSION", "CHANGED", "BY", "WHY", "FILES"], rows, empty: "no files were ever set").print()
    }
}
