import ArgumentParser

struct TailRollout: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail", abstract: "Print a rollout's events as they come.",
        discussion: "A connection that is cut is made again; no event is lost or printed twice.")

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The rollout's id.") var id: String
    @Flag(help: "Begin with the first event; otherwise with the next one.") var fromStart = false
    @Flag(help: "End when the rollout is completed, aborted or reverted.") var untilComplete = false

    /// Three keep-alives.
    var patience: Int64 { 45 }

    func run(_ client: AdminClient) async throws {
        let follower = RolloutFollower(
            client: client, id: id, fromStart: fromStart, untilComplete: untilComplete, isJSON: isJSON)
        try await follower.follow()
    }
}
