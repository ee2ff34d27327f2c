import ArgumentParser

struct ShowUpdates: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "updates", abstract: "Show the updates that a device tried, the newest first.",
        discussion: "Times are by the device's clock. -o json shows the events too.")

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The device's uuid.") var uuid: String

    func run(_ client: AdminClient) async throws {
        let document = try await client.call(.GET, DevicesCommand.path(uuid, "updates"))
        if isJSON { return try StandardOutput.json(document) }
        let rows = document["updates"].array.map { update in
            [
                update["started"].cell, update["ended"].cell, update["target"].cell, update["outcome"].cell,
                update["correlationId"].cell, update["reason"].cell,
            ]
        }
        try Table(["STARTED", "ENDED", "TARGET", "OUTCOME", "CORRELATION", "REASON"], rows, empty: "no updates").print()
    }
}
