import ArgumentParser

struct CreateRollout: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Make a rollout and print its id.",
        discussion: """
            Nothing happens before it is started. Without --filter, --group or targets in the plan, name its devices with \
            `rollouts add`.
            """)

    @OptionGroup var connection: ConnectionOptions
    @Flag(help: "For production devices.") var prod = false
    @Option(help: "The devices' tag.") var tag: String
    @Option(help: "The update's name.") var update: String
    @OptionGroup(title: "Plan") var plan: PlanOptions
    @Option(help: "Sent again with the same key, the request makes no second rollout.") var idempotencyKey: String?

    func run(_ client: AdminClient) async throws {
        var body = try plan.document()
        body["isProd"] = .bool(prod)
        body["tag"] = .text(tag)
        body["updateName"] = .text(update)
        let headers = idempotencyKey.map { [("Idempotency-Key", $0)] } ?? []
        let rollout = try await client.call(.POST, "/v1/rollouts", body: .object(body), headers: headers)
        if isJSON { try StandardOutput.json(rollout) } else { try StandardOutput.line(rollout["id"].cell) }
    }
}
