import ArgumentParser

struct TailFleet: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail", abstract: "Print what happens to the fleet, as it comes.",
        discussion: "A connection that is cut is made again; nothing is lost or printed twice.")

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var range: TailRange
    @Option(help: "Only of devices that match, such as 'tag=main and group=oslo'.") var filter: String?

    /// Three keep-alives.
    var patience: Int64 { 45 }

    func run(_ client: AdminClient) async throws {
        try await FleetFollower(client: client, path: "/v1/tail", filter: filter, range: range, isJSON: isJSON).follow()
    }
}

struct TailDevice: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail", abstract: "Print what happens to a device, as it comes.",
        discussion: "A connection that is cut is made again; nothing is lost or printed twice.")

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The device's uuid.") var uuid: String
    @OptionGroup var range: TailRange

    var patience: Int64 { 45 }

    func run(_ client: AdminClient) async throws {
        try await FleetFollower(client: client, path: DevicesCommand.path(uuid, "tail"), filter: nil, range: range, isJSON: isJSON).follow()
    }
}

/// Where a tail begins.
struct TailRange: ParsableArguments {
    @Flag(help: "Begin with the oldest line that is kept; otherwise with the next one.") var fromStart = false
    @Option(help: "Begin behind the line with this id.") var after: String?
}
