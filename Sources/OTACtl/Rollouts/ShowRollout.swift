import ArgumentParser

struct ListRollouts: ClientCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the rollouts, newest first.")

    @OptionGroup var connection: ConnectionOptions

    func run(_ client: AdminClient) async throws {
        let document = try await client.list("/v1/rollouts", member: "rollouts")
        if isJSON { return try StandardOutput.json(document) }
        let rows = document["rollouts"].array.map { rollout in
            [
                rollout["id"].cell, rollout["state"].cell, RolloutsCommand.phase(of: rollout), RolloutsCommand.update(of: rollout),
                rollout["createdAt"].cell, rollout["startedAt"].cell, rollout["skippedCount"].cell,
            ]
        }
        try Table(["ID", "STATE", "PHASE", "UPDATE", "CREATED", "STARTED", "SKIPPED"], rows, empty: "no rollouts").print()
    }
}

struct ShowRollout: ClientCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show how far a rollout is.")

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The rollout's id.") var id: String
    @Flag(help: "Print each device, too.") var devices = false

    func run(_ client: AdminClient) async throws {
        let path = RolloutsCommand.path(id)
        let rollout =
            devices || isJSON
            ? try await client.list(path, member: "devices") : try await client.call(.GET, path, query: [(name: "limit", value: "1")])
        if isJSON { return try StandardOutput.json(rollout) }
        try StandardOutput.line(RolloutBoardText.text(of: rollout))
        guard devices else { return }
        let rows = rollout["devices"].array.map {
            [$0["uuid"].cell, $0["phase"].cell, $0["stage"].cell, $0["status"].cell, $0["lastNews"].cell]
        }
        try StandardOutput.line("")
        try Table(["UUID", "PHASE", "STAGE", "STATUS", "LAST NEWS"], rows, empty: "no devices").print()
        let skipped = rollout["skipped"].array.map { [$0["uuid"].cell, $0["reason"].cell] }
        guard !skipped.isEmpty else { return }
        try StandardOutput.line("")
        try Table(["SKIPPED", "REASON"], skipped, empty: "").print()
    }
}

struct ShowDecisions: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "decisions", abstract: "Show why a rollout did what it did, the latest last.")

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The rollout's id.") var id: String
    @Option(help: "At most so many, 1 to 1000.") var limit = 100

    func run(_ client: AdminClient) async throws {
        let document = try await client.call(
            .GET, RolloutsCommand.path(id, "decisions"), query: [(name: "limit", value: String(limit))])
        if isJSON { return try StandardOutput.json(document) }
        let rows = document["decisions"].array.map { [$0["at"].cell, $0["what"].cell, $0["because"].cell] }
        try Table(["AT", "WHAT", "BECAUSE"], rows, empty: "no decisions yet").print()
    }
}
