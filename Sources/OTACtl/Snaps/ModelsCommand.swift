import ArgumentParser

struct ModelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models", abstract: "Models: what snaps they require, and which devices lack some.",
        subcommands: [ListModels.self, ShowModelStatus.self, ListModelDevices.self, RequiredCommand.self],
        defaultSubcommand: ListModels.self)

    static func path(_ model: String, _ more: String) -> String { "/v1/models/\(ServerAddress.encode(model))/\(more)" }

    /// Devices of a model, as far as their snaps go.
    static func table(_ devices: [JSON], empty: String) -> Table {
        let rows = devices.map { device in
            let required = device["required"]
            return [
                device["uuid"].cell, device["model"]["source"].cell, device["installed"] == .null ? "unknown" : device["missing"].cell,
                required["state"].cell, required["message"].cell, device["lastSeen"].cell,
            ]
        }
        return Table(["UUID", "MODEL FROM", "LACKS", "INSTALL", "MESSAGE", "LAST SEEN"], rows, empty: empty)
    }
}

struct ListModels: ClientCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the models.")

    @OptionGroup var connection: ConnectionOptions

    func run(_ client: AdminClient) async throws {
        let document = try await client.list("/v1/models", member: "models")
        if isJSON { return try StandardOutput.json(document) }
        let rows = document["models"].array.map { model in
            [model["name"].cell, model["required"].cell, model["devices"].cell, model["lacking"].cell, model["unknown"].cell]
        }
        try Table(["MODEL", "REQUIRED SNAPS", "DEVICES", "LACKING", "UNKNOWN"], rows, empty: "no models").print()
    }
}

struct ShowModelStatus: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show which devices of a model lack which required snap.",
        discussion: "Devices that never published a list of their snaps are shown as unknown.")

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The model's name.") var model: String

    func run(_ client: AdminClient) async throws {
        let status = try await client.list(ModelsCommand.path(model, "status"), member: "devices")
        if isJSON { return try StandardOutput.json(status) }
        let summary = status["model"]
        let rows = [
            ["model", summary["name"].cell], ["devices", summary["devices"].cell], ["lacking", summary["lacking"].cell],
            ["unknown", summary["unknown"].cell],
        ]
        try Table([], rows, empty: "").print()
        try StandardOutput.line("")
        let lacks = status["lackedBy"].array.map { [$0["snap"].cell, $0["devices"].cell] }
        try Table(["REQUIRED SNAP", "LACKED BY"], lacks, empty: "no snap is required").print()
        try StandardOutput.line("")
        try ModelsCommand.table(status["devices"].array, empty: "every device has what is required").print()
    }
}

struct ListModelDevices: ClientCommand {
    static let configuration = CommandConfiguration(commandName: "devices", abstract: "List the devices of a model.")

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The model's name.") var model: String

    func run(_ client: AdminClient) async throws {
        let document = try await client.list(ModelsCommand.path(model, "devices"), member: "devices")
        if isJSON { return try StandardOutput.json(document) }
        try ModelsCommand.table(document["devices"].array, empty: "no device is of this model").print()
    }
}
