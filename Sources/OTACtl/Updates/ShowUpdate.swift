import ArgumentParser

struct ShowUpdate: ClientCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show one update.")

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var update: UpdateArgument

    func run(_ client: AdminClient) async throws {
        let document = try await client.call(.GET, update.path)
        if isJSON { return try StandardOutput.json(document) }
        let rows = [
            ["update", "\(document["channel"].cell)/\(document["tag"].cell)/\(document["name"].cell)"],
            ["created", document["createdAt"].cell],
            ["devices", document["assignedDevices"].cell],
            ["apps", document["apps"].cell],
            ["checked", document["verification"].cell],
            ["problem", document["problem"].cell],
        ]
        try Table([], rows, empty: "").print()
        try StandardOutput.line("")
        let targets = document["targets"].array.map { target in
            [target["name"].cell, target["version"].cell, target["hardwareIds"].cell, target["ostreeHash"].cell]
        }
        try Table(["TARGET", "VERSION", "HARDWARE", "OSTREE HASH"], targets, empty: "no targets").print()
    }
}
