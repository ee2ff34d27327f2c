import ArgumentParser

struct TokensCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokens", abstract: "Tokens of operators; otaserve token create makes them.",
        subcommands: [ListTokens.self, RemoveToken.self])
}

struct ListTokens: ClientCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the tokens.")

    @OptionGroup var connection: ConnectionOptions

    func run(_ client: AdminClient) async throws {
        let document = try await client.call(.GET, "/v1/tokens")
        if isJSON { return try StandardOutput.json(document) }
        let rows = document["tokens"].array.map { token in
            [
                token["id"].cell, token["createdAt"].cell, token["expiresAt"] == .null ? "never" : token["expiresAt"].cell,
                token["scopes"].cell, token["description"].cell,
            ]
        }
        try Table(["ID", "CREATED", "EXPIRES", "SCOPES", "DESCRIPTION"], rows, empty: "no tokens").print()
    }
}

struct RemoveToken: ClientCommand {
    static let configuration = CommandConfiguration(commandName: "remove", abstract: "Remove a token.")

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The token's id, from the list.") var id: String

    func run(_ client: AdminClient) async throws {
        _ = try await client.call(.DELETE, "/v1/tokens/\(ServerAddress.encode(id))")
        if isJSON { try StandardOutput.json(["removed": .text(id)]) } else { try StandardOutput.line("removed \(Plain.line(id))") }
    }
}
