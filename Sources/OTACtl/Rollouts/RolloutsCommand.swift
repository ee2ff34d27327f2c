import ArgumentParser

struct RolloutsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollouts", abstract: "Rollouts: give devices an update, and watch them take it.",
        subcommands: [
            CreateRollout.self, SimulateRollout.self, AddDevices.self, StartRollout.self, ApproveRollout.self, PauseRollout.self,
            ResumeRollout.self,
            OpenNextPhase.self, AbortRollout.self, RevertRollout.self, ListRollouts.self, ShowRollout.self, ShowDecisions.self,
            TailRollout.self,
        ])

    static func path(_ id: String, _ more: String...) -> String {
        "/v1/rollouts/" + ([id] + more).map(ServerAddress.encode).joined(separator: "/")
    }

    static func update(of rollout: JSON) -> String {
        "\(rollout["isProd"] == .bool(true) ? "prod" : "ci")/\(rollout["tag"].cell)/\(rollout["updateName"].cell)"
    }

    /// Such as `2/3`: the phase that opened last, and how many there are.
    static func phase(of rollout: JSON) -> String {
        guard let phase = rollout["phase"].integer else { return "-" }
        return "\(phase)/\(max(1, rollout["plan"]["phases"].array.count))"
    }

    static let endedStates: Set<String> = ["completed", "aborted", "reverted"]
}
