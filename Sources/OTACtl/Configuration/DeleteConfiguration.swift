import ArgumentParser

struct DeleteConfiguration: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Remove a file, or all files of a place; devices remove theirs when they ask next.")

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var place: ConfigurationPlaceOptions
    @Option(help: "Why: one line for the history.") var reason: String
    @Flag(help: "All files of the place.") var all = false
    @Argument(help: "The file's name.") var name: String?

    func validate() throws {
        guard all == (name == nil) else { throw ValidationError("Name a file, or say --all.") }
    }

    func run(_ client: AdminClient) async throws {
        let path = name.map { place.path("files", $0) } ?? place.path()
        try ConfigCommand.print(try await client.call(.DELETE, path, query: [(name: "reason", value: reason)]), as: isJSON)
    }
}
