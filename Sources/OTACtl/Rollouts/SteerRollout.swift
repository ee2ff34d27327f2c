import ArgumentParser

/// A command that changes how a rollout goes on, and prints how it stands then.
protocol SteeringCommand: ClientCommand {
    var id: String { get }
    /// The last component of the route.
    static var deed: String { get }
    var body: JSON? { get }
}

extension SteeringCommand {
    var body: JSON? { nil }

    func run(_ client: AdminClient) async throws {
        let rollout = try await client.call(.PUT, RolloutsCommand.path(id, Self.deed), body: body)
        if isJSON { return try StandardOutput.json(rollout) }
        let phase = rollout["phase"].integer.map { _ in ", phase \(RolloutsCommand.phase(of: rollout))" } ?? ""
        try StandardOutput.line("\(Plain.line(id)) is \(rollout["state"].cell)\(phase)")
    }
}

struct ApproveRollout: SteeringCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve", abstract: "Approve a rollout that somebody else started.")
    static let deed = "approve"

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The rollout's id.") var id: String
}

struct PauseRollout: SteeringCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause", abstract: "Offer the update to nobody new; devices that have begun go on.")
    static let deed = "pause"

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The rollout's id.") var id: String
    @Option(help: "Why, in one sentence.") var reason: String?

    var body: JSON? { reason.map { ["reason": .text($0)] } }
}

struct ResumeRollout: SteeringCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Go on with a paused rollout; failures so far do not pause it again.")
    static let deed = "resume"

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The rollout's id.") var id: String
}

struct OpenNextPhase: SteeringCommand {
    static let configuration = CommandConfiguration(
        commandName: "next", abstract: "Open the next phase now, whatever the gate and the soak time say.")
    static let deed = "next"

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The rollout's id.") var id: String
}

struct AbortRollout: SteeringCommand {
    static let configuration = CommandConfiguration(
        commandName: "abort", abstract: "End a rollout; devices that have not begun get back what they had.")
    static let deed = "abort"

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The rollout's id.") var id: String
}

struct RevertRollout: SteeringCommand {
    static let configuration = CommandConfiguration(
        commandName: "revert", abstract: "Give every device of a rollout back what it had before.")
    static let deed = "revert"

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The rollout's id.") var id: String
}
