import ArgumentParser

/// An order that needs no more than a snap.
struct OrderOfSnap<Word: OrderWord>: ClientCommand {
    static var configuration: CommandConfiguration { CommandConfiguration(commandName: Word.word, abstract: Word.abstract) }

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The device's uuid.") var uuid: String
    @Argument(help: "The snap's name.") var snap: String

    func run(_ client: AdminClient) async throws {
        try await SnapOrderCall(uuid: uuid, action: Word.action, snap: snap).run(client, as: isJSON)
    }
}

/// An order that needs no more than a device.
struct OrderOfDevice<Word: OrderWord>: ClientCommand {
    static var configuration: CommandConfiguration { CommandConfiguration(commandName: Word.word, abstract: Word.abstract) }

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The device's uuid.") var uuid: String

    func run(_ client: AdminClient) async throws {
        try await SnapOrderCall(uuid: uuid, action: Word.action).run(client, as: isJSON)
    }
}

/// An order to install or refresh, perhaps from a channel.
struct OrderInstall<Word: OrderWord>: ClientCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: Word.word, abstract: Word.abstract, discussion: "Agents from before OTAServe ignore --channel and --classic.")
    }

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The device's uuid.") var uuid: String
    @Argument(help: "The snap's name.") var snap: String
    @Option(help: "From this channel, such as latest/stable.") var channel: String?
    @Flag(help: "With classic confinement.") var classic = false

    func run(_ client: AdminClient) async throws {
        let isMore = channel != nil || classic
        let data = isMore ? try SnapOrderCall.text(["channel": channel.map(JSON.text), "classic": classic ? .bool(true) : nil]) : nil
        try await SnapOrderCall(uuid: uuid, action: Word.action, snap: snap, data: data).run(client, as: isJSON)
    }
}

struct OrderSwitch: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "switch", abstract: "Order a device to take a snap from another channel from now on.")

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The device's uuid.") var uuid: String
    @Argument(help: "The snap's name.") var snap: String
    @Option(help: "The channel, such as latest/edge.") var channel: String

    func run(_ client: AdminClient) async throws {
        try await SnapOrderCall(uuid: uuid, action: "switch", snap: snap, data: channel).run(client, as: isJSON)
    }
}

/// An order about some or all services of a snap.
struct OrderOfServices<Word: OrderWord>: ClientCommand {
    static var configuration: CommandConfiguration { CommandConfiguration(commandName: Word.word, abstract: Word.abstract) }

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The device's uuid.") var uuid: String
    @Argument(help: "The snap's name.") var snap: String
    @Argument(help: "Its services, such as my-snap.web; all of them unless told.") var services: [String] = []

    func run(_ client: AdminClient) async throws {
        // Existing agents want the object even when it names nothing.
        let data = try SnapOrderCall.text(["services": .array(services.map(JSON.text))])
        try await SnapOrderCall(uuid: uuid, action: Word.action, snap: snap, data: data).run(client, as: isJSON)
    }
}
