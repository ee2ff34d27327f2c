import ArgumentParser

/// Whether devices may be taken from other rollouts.
struct TakeOverOption: ParsableArguments {
    @Flag(help: "Take devices from other running rollouts; without it, the command is refused with the list of them.")
    var takeOver = false

    var query: [(name: String, value: String)] { takeOver ? [(name: "takeOver", value: "true")] : [] }
}

struct AddDevices: ClientCommand {
    static let configuration = CommandConfiguration(commandName: "add", abstract: "Add devices to a rollout.")

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The rollout's id.") var id: String
    @OptionGroup var devices: DeviceListInput
    @OptionGroup var conflicts: TakeOverOption

    func run(_ client: AdminClient) async throws {
        let list = try devices.read()
        let rollout = try await client.call(
            .PUT, RolloutsCommand.path(id, "devices"), query: conflicts.query, body: ["devices": list])
        if isJSON { return try StandardOutput.json(rollout) }
        try StandardOutput.line("added \(list.array.count) to \(Plain.line(id)), which is \(rollout["state"].cell)")
    }
}

struct StartRollout: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "start", abstract: "Start a rollout: offer its first phase the update.")

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The rollout's id.") var id: String
    @OptionGroup var conflicts: TakeOverOption

    func run(_ client: AdminClient) async throws {
        let rollout = try await client.call(.PUT, RolloutsCommand.path(id, "start"), query: conflicts.query)
        if isJSON { return try StandardOutput.json(rollout) }
        if rollout["state"].string == "scheduled" { return try StandardOutput.line("scheduled, \(Self.reason(rollout))") }
        let skipped = rollout["skipped"].array.map { [$0["uuid"].cell, $0["reason"].cell] }
        try StandardOutput.line("assigned \(rollout["assigned"].cell), skipped \(skipped.count)")
        if !skipped.isEmpty { try Table(["SKIPPED", "REASON"], skipped, empty: "").print() }
    }

    /// What it waits for.
    private static func reason(_ rollout: JSON) -> String {
        let plan = rollout["plan"]
        let approval = plan["approval"] == .bool(true) ? "until somebody else approves it" : nil
        let time = plan["startAt"].string.map { "not before \($0)" }
        return Plain.line([approval, time].compactMap { $0 }.joined(separator: ", "))
    }
}
