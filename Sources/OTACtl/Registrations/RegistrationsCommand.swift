import ArgumentParser

struct RegistrationsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "registrations", abstract: "Devices that ask to be registered: let them in or turn them away.",
        discussion: "Devices ask when the server runs with registration: queue.",
        subcommands: [ListRegistrations.self, AcceptRegistrations.self, RejectRegistrations.self], defaultSubcommand: ListRegistrations.self
    )

    static let path = "/v1/registrations"
}

struct ListRegistrations: ClientCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the devices that wait.")

    @OptionGroup var connection: ConnectionOptions
    @Flag(help: "Those that were rejected instead.") var rejected = false

    func run(_ client: AdminClient) async throws {
        let query = [(name: "state", value: rejected ? "rejected" : "pending")]
        let document = try await client.list(RegistrationsCommand.path, query: query, member: "registrations")
        if isJSON { return try StandardOutput.json(document) }
        let rows = document["registrations"].array.map { device in
            [
                device["uuid"].cell, device["isProd"] == .bool(true) ? "prod" : "ci", device["tag"].cell, device["firstTry"].cell,
                device["lastTry"].cell, String(device["keyFingerprint"].cell.prefix(16)), device["subject"].cell,
            ]
        }
        let empty = rejected ? "none is rejected" : "none waits"
        try Table(["UUID", "CHANNEL", "TAG", "FIRST TRY", "LAST TRY", "KEY", "SUBJECT"], rows, empty: empty).print()
    }
}

/// Devices named as arguments or in a file, or all that wait.
struct RegistrationSelection: ParsableArguments {
    @Argument(help: ArgumentHelp("Uuids of devices.", valueName: "uuid")) var uuids: [String] = []
    @Flag(help: "All that wait.") var all = false

    func validate() throws {
        if uuids.isEmpty != all { throw ValidationError("Name devices, or say --all.") }
    }

    func read(_ client: AdminClient) async throws -> JSON {
        guard all else { return .array(uuids.map(JSON.text)) }
        return .array(try await client.list(RegistrationsCommand.path, member: "registrations")["registrations"].array.map { $0["uuid"] })
    }
}

struct AcceptRegistrations: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept", abstract: "Register devices that wait or were rejected, with the keys they came with.")

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var devices: RegistrationSelection

    func run(_ client: AdminClient) async throws {
        let answer = try await client.call(.POST, RegistrationsCommand.path + "/accept", body: ["devices": try await devices.read(client)])
        if isJSON { return try StandardOutput.json(answer) }
        try StandardOutput.line("accepted \(answer["accepted"].cell), known before \(answer["known"].cell)")
    }
}

struct RejectRegistrations: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "reject", abstract: "Turn devices away until they are accepted.")

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var devices: RegistrationSelection

    func run(_ client: AdminClient) async throws {
        let answer = try await client.call(.POST, RegistrationsCommand.path + "/reject", body: ["devices": try await devices.read(client)])
        if isJSON { return try StandardOutput.json(answer) }
        try StandardOutput.line("rejected \(answer["rejected"].cell), rejected before \(answer["known"].cell)")
    }
}
