import ArgumentParser

/// `otaserve mqtt …`: what concerns the broker of existing agents.
struct MQTTCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mqtt",
        abstract: "Prepare an MQTT broker for devices whose agents speak MQTT.",
        subcommands: [MQTTBrokerConfigCommand.self]
    )

    @ParentCommand var root: OTAServe
}
