import ArgumentParser

/// `otactl`: what an operator does with a server, from a terminal or a script.
@main
struct OTACtl: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "otactl",
        abstract: "Look after devices, updates and rollouts of an OTAServe server.",
        discussion: """
            Exit codes: 0 done, 1 failed, 64 wrong usage, 65 the server refuses the data, 69 the server cannot be reached or \
            fails, 75 try again later, 77 not permitted.
            """,
        subcommands: [
            DevicesCommand.self, RegistrationsCommand.self, EnrolmentsCommand.self,
            UpdatesCommand.self, RolloutsCommand.self, TokensCommand.self,
            SitesCommand.self, ConfigCommand.self, TailFleet.self,
        ])
}
