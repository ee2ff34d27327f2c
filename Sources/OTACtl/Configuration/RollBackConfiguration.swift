import ArgumentParser

struct RollBackConfiguration: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback", abstract: "Set the files of a place as they were in an earlier version.",
        discussion: "That makes a new version; the ones between stay in the history.")

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var place: ConfigurationPlaceOptions
    @Option(help: "Why: one line for the history.") var reason: String
    @Argument(help: "The version; see otactl config history.") var version: Int

    func run(_ client: AdminClient) async throws {
        let body: JSON = ["version": .integer(Int64(version)), "reason": .text(reason)]
        try ConfigCommand.print(try await client.call(.POST, place.path("rollback"), body: body), as: isJSON)
    }
}
