import ArgumentParser

/// `otaserve devices`: works through the running server when there is one, on the data directory otherwise.
struct DevicesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "devices", abstract: "Deny, allow, delete and register devices.",
        subcommands: [
            DenyCommand.self, UndenyCommand.self, AllowKeyCommand.self, DeleteDeviceCommand.self, PreregisterCommand.self,
        ])

    @ParentCommand var root: OTAServe
}
