import ArgumentParser

struct RenameDevice: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "rename", abstract: "Give devices names, or take them away.",
        discussion: "Of many devices each gets its own name: {uuid} in the name stands for the uuid.")

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var devices: BulkOptions
    @Option(help: "The name.") var name: String?
    @Flag(help: "Take the name away.") var none = false

    func validate() throws {
        if (name == nil) != none { throw ValidationError("Give a --name, or --none.") }
    }

    func run(_ client: AdminClient) async throws {
        let value = name.map(JSON.text) ?? .null
        guard let uuid = devices.single else {
            return try await BulkRun(options: devices, isJSON: isJSON, action: "rename", parameters: ["name": value]).run(client)
        }
        let device = try await client.call(.PATCH, DevicesCommand.path(uuid), body: ["name": value])
        if isJSON { return try StandardOutput.json(device) }
        try StandardOutput.line(name.map { "\(Plain.line(uuid)) is named \(Plain.line($0))" } ?? "\(Plain.line(uuid)) has no name")
    }
}

struct GroupDevices: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "group", abstract: "Put devices into a group, or into none.",
        discussion: "A device is in one group at most; a group is there as long as a device is in it.")

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var devices: BulkOptions
    @Option(help: "The group's name.") var group: String?
    @Flag(help: "Into no group.") var none = false

    func validate() throws {
        if (group == nil) != none { throw ValidationError("Give a --group, or --none.") }
    }

    func run(_ client: AdminClient) async throws {
        try await BulkRun(
            options: devices, isJSON: isJSON, action: "group", parameters: ["group": group.map(JSON.text) ?? .null]
        ).run(client)
    }
}

struct LabelDevices: ClientCommand {
    static let configuration = CommandConfiguration(commandName: "label", abstract: "Set and remove labels of devices.")

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var devices: BulkOptions
    @Option(help: ArgumentHelp("A label to set; may be repeated.", valueName: "key=value")) var set: [String] = []
    @Option(help: ArgumentHelp("A label to remove; may be repeated.", valueName: "key")) var remove: [String] = []

    func validate() throws {
        if set.isEmpty, remove.isEmpty { throw ValidationError("Say which labels to --set or to --remove.") }
        if let word = set.first(where: { !$0.contains("=") }) { throw ValidationError("Write --set KEY=VALUE, not \(word).") }
    }

    func run(_ client: AdminClient) async throws {
        var labels: [String: JSON] = [:]
        for key in remove { labels[key] = .null }
        for word in set {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            labels[String(parts[0])] = .text(String(parts[1]))
        }
        try await BulkRun(options: devices, isJSON: isJSON, action: "label", parameters: ["labels": .object(labels)]).run(client)
    }
}

struct ListGroups: ClientCommand {
    static let configuration = CommandConfiguration(commandName: "groups", abstract: "List the groups and how many devices are in each.")

    @OptionGroup var connection: ConnectionOptions

    func run(_ client: AdminClient) async throws {
        let document = try await client.list("/v1/groups", member: "groups")
        if isJSON { return try StandardOutput.json(document) }
        let rows = document["groups"].array.map { [$0["name"].cell, $0["devices"].cell] }
        try Table(["GROUP", "DEVICES"], rows, empty: "no groups").print()
    }
}
