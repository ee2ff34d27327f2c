import ArgumentParser

struct EnrolmentsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enrolments", abstract: "Devices with existing agents that may get their credentials from the server.",
        discussion: "They get them from the enrolment listener: set enrolment-address.",
        subcommands: [ListEnrolments.self, AddEnrolment.self, RemoveEnrolment.self, ResetEnrolment.self],
        defaultSubcommand: ListEnrolments.self
    )

    static let path = "/v1/enrolments"

    /// The path of one device's.
    static func path(_ uuid: String) -> String { "\(path)/\(ServerAddress.encode(uuid))" }
}

struct ListEnrolments: ClientCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the devices that may enrol, and those that did.")

    @OptionGroup var connection: ConnectionOptions

    func run(_ client: AdminClient) async throws {
        let document = try await client.list(EnrolmentsCommand.path, member: "enrolments")
        if isJSON { return try StandardOutput.json(document) }
        let rows = document["enrolments"].array.map { device in
            [
                device["uuid"].cell, device["state"].cell, device["brand"].cell, device["model"].cell, device["serial"].cell,
                device["isProd"] == .bool(true) ? "prod" : "ci", device["organization"].cell, device["expires"].cell,
                device["enrolledAt"].cell,
            ]
        }
        try Table(
            ["UUID", "STATE", "BRAND", "MODEL", "SERIAL", "CHANNEL", "ORGANIZATION", "EXPIRES", "ENROLLED"], rows, empty: "none may enrol"
        ).print()
    }
}

struct AddEnrolment: ClientCommand {
    static let configuration = CommandConfiguration(commandName: "add", abstract: "Let a device enrol, once, within seven days.")

    @OptionGroup var connection: ConnectionOptions
    @Option(help: "brand-id of its serial assertion.") var brand: String
    @Option(help: "model of its serial assertion.") var model: String
    @Option(help: "serial of its serial assertion.") var serial: String
    @Option(help: "Its uuid; else its serial number, when that can be one, or a random one.") var deviceID: String?
    @Option(help: "The organization that the device is told.") var organization: String?
    @Flag(help: "It is a production device.") var prod = false

    func run(_ client: AdminClient) async throws {
        let body: JSON = [
            "brand": .text(brand), "model": .text(model), "serial": .text(serial), "uuid": deviceID.map(JSON.text) ?? .null,
            "organization": organization.map(JSON.text) ?? .null, "isProd": .bool(prod),
        ]
        let answer = try await client.call(.POST, EnrolmentsCommand.path, body: body)
        if isJSON { return try StandardOutput.json(answer) }
        try StandardOutput.line("\(Plain.line(answer["uuid"].cell)) may enrol until \(answer["expires"].cell)")
    }
}

struct RemoveEnrolment: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Let a device enrol no longer. The device and what it has stay.")

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The device's uuid, from the list.") var uuid: String

    func run(_ client: AdminClient) async throws {
        _ = try await client.call(.DELETE, EnrolmentsCommand.path(uuid))
        if isJSON { try StandardOutput.json(["removed": .text(uuid)]) } else { try StandardOutput.line("removed \(Plain.line(uuid))") }
    }
}

struct ResetEnrolment: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset", abstract: "Let a device enrol again, within seven days. What it has stays good until it does.")

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The device's uuid, from the list.") var uuid: String

    func run(_ client: AdminClient) async throws {
        let answer = try await client.call(.POST, EnrolmentsCommand.path(uuid) + "/reset")
        if isJSON { return try StandardOutput.json(answer) }
        try StandardOutput.line("\(Plain.line(answer["uuid"].cell)) may enrol until \(answer["expires"].cell)")
    }
}
