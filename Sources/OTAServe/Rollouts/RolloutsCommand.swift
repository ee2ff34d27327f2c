import ArgumentParser

/// `otaserve rollouts`: their files. Works beside a running server and changes nothing; `otactl rollouts` steers them.
struct RolloutsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollouts", abstract: "Check rollouts against their files.", subcommands: [ReplayCommand.self])

    @ParentCommand var root: OTAServe
}
