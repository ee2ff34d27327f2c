import ArgumentParser

struct ShowDevice: ClientCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show everything that is known of a device.")

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The device's uuid.") var uuid: String

    func run(_ client: AdminClient) async throws {
        let device = try await client.call(.GET, DevicesCommand.path(uuid))
        if isJSON { return try StandardOutput.json(device) }
        let rollout = device["rollout"]
        let rows = [
            ["uuid", device["uuid"].cell],
            ["name", device["name"].cell],
            ["group", device["group"].cell],
            ["labels", device["labels"].members.isEmpty ? "-" : device["labels"].cell],
            ["channel", device["isProd"] == .bool(true) ? "prod" : "ci"],
            ["tag", device["tag"].cell],
            ["update", device["updateName"].cell],
            ["target", device["targetName"].cell],
            ["ostree hash", device["ostreeHash"].cell],
            ["apps", device["apps"].cell],
            ["hardware", device["hardwareId"].cell],
            ["status", device["status"].cell],
            ["created", device["createdAt"].cell],
            ["last seen", device["lastSeen"].cell],
            ["online", device["online"].cell],
            ["certificate ends", device["certificateEnds"].cell],
            ["denied", device["denied"].cell],
            ["key", device["keyFingerprint"].cell],
            ["new key allowed", device["keyChangeAllowed"].cell],
            ["rollout", rollout == .null ? "-" : "\(rollout["id"].cell) (\(rollout["phase"].cell), \(rollout["status"].cell))"],
        ]
        try Table([], rows, empty: "").print()
        try StandardOutput.line("")
        let files = device["files"].array.map { [$0["name"].cell, $0["size"].cell] }
        try Table(["FILE", "BYTES"], files, empty: "no files").print()
    }
}
