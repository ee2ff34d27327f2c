import ArgumentParser

struct ListRollouts: ClientCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the rollouts, newest first.")

    @OptionGroup var connection: ConnectionOptions

    func run(_ client: AdminClient) async throws {
        let document = try await client.list("/v1/rollouts", member: "rollouts")
        if isJSON { return try StandardOutput.json(document) }
        let rows = document["rollouts"].array.map { rollout in
            [
                rollout["id"].cell, rollout["state"].cell, RolloutsCommand.update(of: rollout), rollout["createdAt"].cell,
                rollout["startedAt"].cell, rollout["skippedCount"].cell,
            ]
        }
        try Table(["ID", "STATE", "UPDATE", "CREATED", "STARTED", "SKIPPED"], rows, empty: "no rollouts").print()
    }
}

struct ShowRollout: ClientCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show how far a rollout is.")

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The rollout's id.") var id: String

    func run(_ client: AdminClient) async throws {
        let rollout = try await client.list(RolloutsCommand.path(id), member: "devices")
        if isJSON { return try StandardOutput.json(rollout) }
        let phases = ["planned", "assigned", "seen", "updating", "succeeded", "failed", "superseded"]
        let counts = phases.filter { rollout["counts"][$0] != .integer(0) }.map { "\($0) \(rollout["counts"][$0].cell)" }
        let rows = [
            ["rollout", rollout["id"].cell], ["state", rollout["state"].cell], ["update", RolloutsCommand.update(of: rollout)],
            ["created", rollout["createdAt"].cell], ["started", rollout["startedAt"].cell],
            ["devices", counts.isEmpty ? "-" : counts.joined(separator: ", ")],
        ]
        try Table([], rows, empty: "").print()
        try StandardOutput.line("")
        let devices = rollout["devices"].array.map { [$0["uuid"].cell, $0["phase"].cell, $0["status"].cell] }
        try Table(["UUID", "PHASE", "STATUS"], devices, empty: "no devices").print()
        let skipped = rollout["skipped"].array.map { [$0["uuid"].cell, $0["reason"].cell] }
        guard !skipped.isEmpty else { return }
        try StandardOutput.line("")
        try Table(["SKIPPED", "REASON"], skipped, empty: "").print()
    }
}
