import ArgumentParser

struct SimulateRollout: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate", abstract: "Tell what a rollout would do, without making it.",
        discussion:
            "Takes the options of `rollouts create`, and devices where the plan has no targets. The times assume that devices keep their habits."
    )

    @OptionGroup var connection: ConnectionOptions
    @Flag(help: "For production devices.") var prod = false
    @Option(help: "The devices' tag.") var tag: String
    @Option(help: "The update's name.") var update: String
    @OptionGroup(title: "Plan") var plan: PlanOptions
    @Option(help: "A device; repeat it. For plans without targets.") var device: [String] = []

    func run(_ client: AdminClient) async throws {
        var body = try plan.document()
        body["isProd"] = .bool(prod)
        body["tag"] = .text(tag)
        body["updateName"] = .text(update)
        if !device.isEmpty { body["devices"] = .array(device.map(JSON.text)) }
        let outlook = try await client.call(.POST, "/v1/rollouts/simulate", body: .object(body))
        if isJSON { return try StandardOutput.json(outlook) }
        try StandardOutput.line(OutlookText.text(of: outlook))
    }
}
