import ArgumentParser

struct RolloutsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollouts", abstract: "Rollouts: give devices an update, and watch them take it.",
        subcommands: [
            CreateRollout.self, AddDevices.self, StartRollout.self, ListRollouts.self, ShowRollout.self, TailRollout.self,
        ])

    static func path(_ id: String, _ more: String...) -> String {
        "/v1/rollouts/" + ([id] + more).map(ServerAddress.encode).joined(separator: "/")
    }

    static func update(of rollout: JSON) -> String {
        "\(rollout["isProd"] == .bool(true) ? "prod" : "ci")/\(rollout["tag"].cell)/\(rollout["updateName"].cell)"
    }
}

struct CreateRollout: ClientCommand {
    static let configuration = CommandConfiguration(commandName: "create", abstract: "Make a rollout and print its id.")

    @OptionGroup var connection: ConnectionOptions
    @Flag(help: "For production devices.") var prod = false
    @Option(help: "The devices' tag.") var tag: String
    @Option(help: "The update's name.") var update: String
    @Option(help: "Sent again with the same key, the request makes no second rollout.") var idempotencyKey: String?

    func run(_ client: AdminClient) async throws {
        let body: JSON = ["isProd": .bool(prod), "tag": .text(tag), "updateName": .text(update)]
        let headers = idempotencyKey.map { [("Idempotency-Key", $0)] } ?? []
        let rollout = try await client.call(.POST, "/v1/rollouts", body: body, headers: headers)
        if isJSON { try StandardOutput.json(rollout) } else { try StandardOutput.line(rollout["id"].cell) }
    }
}

struct AddDevices: ClientCommand {
    static let configuration = CommandConfiguration(commandName: "add", abstract: "Add devices to a rollout.")

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The rollout's id.") var id: String
    @OptionGroup var devices: DeviceListInput

    func run(_ client: AdminClient) async throws {
        let list = try devices.read()
        let rollout = try await client.call(.PUT, RolloutsCommand.path(id, "devices"), body: ["devices": list])
        if isJSON { return try StandardOutput.json(rollout) }
        try StandardOutput.line("added \(list.array.count) to \(Plain.line(id)), which is \(rollout["state"].cell)")
    }
}

struct StartRollout: ClientCommand {
    static let configuration = CommandConfiguration(commandName: "start", abstract: "Assign a rollout's update to its devices.")

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The rollout's id.") var id: String

    func run(_ client: AdminClient) async throws {
        let rollout = try await client.call(.PUT, RolloutsCommand.path(id, "start"))
        if isJSON { return try StandardOutput.json(rollout) }
        let skipped = rollout["skipped"].array.map { [$0["uuid"].cell, $0["reason"].cell] }
        try StandardOutput.line("assigned \(rollout["assigned"].cell), skipped \(skipped.count)")
        if !skipped.isEmpty { try Table(["SKIPPED", "REASON"], skipped, empty: "").print() }
    }
}
