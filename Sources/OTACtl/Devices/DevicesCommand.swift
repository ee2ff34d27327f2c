import ArgumentParser

struct DevicesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "devices", abstract: "Devices: look at them, refuse them, register them.",
        subcommands: [
            ListDevices.self, ShowDevice.self, ShowDeviceFile.self, DenyDevice.self, UndenyDevice.self, DeleteDevice.self,
            AllowDeviceKey.self, PreregisterDevices.self, TailDevice.self,
        ])

    static func path(_ uuid: String, _ more: String...) -> String {
        "/v1/devices/" + ([uuid] + more).map(ServerAddress.encode).joined(separator: "/")
    }
}

struct ListDevices: ClientCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the devices.")

    @OptionGroup var connection: ConnectionOptions

    func run(_ client: AdminClient) async throws {
        let document = try await client.list("/v1/devices", member: "devices")
        if isJSON { return try StandardOutput.json(document) }
        let rows = document["devices"].array.map { device in
            [
                device["uuid"].cell, device["isProd"] == .bool(true) ? "prod" : "ci", device["tag"].cell, device["updateName"].cell,
                device["targetName"].cell, device["lastSeen"].cell, device["denied"] == .bool(true) ? "denied" : "",
            ]
        }
        try Table(["UUID", "CHANNEL", "TAG", "UPDATE", "TARGET", "LAST SEEN", ""], rows, empty: "no devices").print()
    }
}
