import ArgumentParser

struct RequiredCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "required", abstract: "The snaps that every device of a model must have.",
        subcommands: [AddRequired.self, RemoveRequired.self, ListRequired.self])
}

struct AddRequired: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Require snaps of a model; devices without them get them with their next heartbeats.",
        discussion: "Of a snap that is required already, what is not said stays as it is.")

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The model's name; it is made when it is new.") var model: String
    @Argument(help: "Names of snaps.") var snaps: [String]
    @Option(help: "From a store: this channel, such as latest/stable.") var channel: String?
    @Flag(help: "They need classic confinement.") var classic = false
    @Option(
        parsing: .unconditional, help: "Those with a higher number are installed first; 0 unless told.")
    var priority: Int?

    func validate() throws {
        if snaps.isEmpty { throw ValidationError("Name at least one snap.") }
    }

    func run(_ client: AdminClient) async throws {
        var requirements: [JSON] = []
        for snap in snaps {
            var body: [String: JSON] = ["name": .text(snap), "model": .text(model)]
            if let channel { body["channel"] = .text(channel) }
            if classic { body["classic"] = .bool(true) }
            if let priority { body["priority"] = .integer(Int64(priority)) }
            requirements.append(try await client.call(.POST, ModelsCommand.path(model, "required"), body: .object(body)))
            if !isJSON { try StandardOutput.line("\(Plain.line(model)) requires \(Plain.line(snap))") }
        }
        if isJSON { try StandardOutput.json(["requirements": .array(requirements)]) }
    }
}

struct RemoveRequired: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Require snaps of a model no longer. Devices keep them.")

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The model's name.") var model: String
    @Argument(help: "Names of snaps.") var snaps: [String]

    func validate() throws {
        if snaps.isEmpty { throw ValidationError("Name at least one snap.") }
    }

    func run(_ client: AdminClient) async throws {
        for snap in snaps {
            _ = try await client.call(
                .DELETE, ModelsCommand.path(model, "required"), body: ["name": .text(snap), "model": .text(model)])
            if !isJSON { try StandardOutput.line("\(Plain.line(model)) requires \(Plain.line(snap)) no longer") }
        }
        if isJSON { try StandardOutput.json(["removed": .array(snaps.map(JSON.text))]) }
    }
}

struct ListRequired: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List what a model requires, in the order in which it is installed.")

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The model's name.") var model: String

    func run(_ client: AdminClient) async throws {
        let document = try await client.call(.GET, ModelsCommand.path(model, "required"))
        if isJSON { return try StandardOutput.json(document) }
        let rows = document["requirements"].array.map { [$0["name"].cell, $0["channel"].cell, $0["classic"].cell, $0["priority"].cell] }
        try Table(["SNAP", "CHANNEL", "CLASSIC", "PRIORITY"], rows, empty: "no snap is required").print()
    }
}
