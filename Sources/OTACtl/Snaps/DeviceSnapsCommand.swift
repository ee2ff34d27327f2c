import ArgumentParser

struct DeviceSnapsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "snaps", abstract: "The snaps of a device, and orders to its agent.",
        discussion: """
            An order is stored and goes to the device with its next heartbeat. See `snaps orders` for what came of it; that \
            a snap is there, the device's next list proves.
            """,
        subcommands: [
            ListDeviceSnaps.self, ListSnapOrders.self,
            OrderInstall<InstallWord>.self, OrderInstall<RefreshWord>.self, OrderSwitch.self,
            OrderOfSnap<RemoveWord>.self, OrderOfSnap<RevertWord>.self, OrderOfSnap<EnableWord>.self, OrderOfSnap<DisableWord>.self,
            OrderOfSnap<ConfWord>.self, OrderOfSnap<InfoWord>.self,
            OrderOfServices<StartWord>.self, OrderOfServices<StopWord>.self, OrderOfServices<RestartWord>.self,
            OrderWithFile<SetConfWord>.self, OrderSnapshot.self, OrderLogs.self,
            OrderWithText<AckWord>.self, OrderWithText<UserWord>.self,
            OrderOfDevice<ListAgainWord>.self, OrderOfDevice<ServerWord>.self, OrderOfDevice<DeviceWord>.self,
            OrderOfDevice<UnregisterWord>.self,
        ])
}

struct ListDeviceSnaps: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the snaps of a device as it published them last, and what it lacks.")

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The device's uuid.") var uuid: String

    func run(_ client: AdminClient) async throws {
        let device = try await client.call(.GET, DevicesCommand.path(uuid, "snaps"))
        if isJSON { return try StandardOutput.json(device) }
        let model = device["model"]
        let required = device["required"]
        let rows = [
            ["device", device["uuid"].cell],
            ["model", model == .null ? "-" : "\(model["name"].cell) (from \(model["source"].cell))"],
            ["brand", model["brand"].cell],
            ["serial", device["serial"].cell],
            ["architecture", device["architecture"].cell],
            ["list of", device["list"]["receivedAt"].cell + (device["awaitsList"] == .bool(true) ? ", a new one was asked for" : "")],
            ["lacks", device["missing"].cell],
            ["install", required == .null ? "-" : "\(required["state"].cell) since \(required["changedAt"].cell)"],
            ["message", required["message"].cell],
            ["open orders", device["openOrders"].cell],
        ]
        try Table([], rows, empty: "").print()
        try StandardOutput.line("")
        let snaps = device["list"]["snaps"].array.map { snap in
            [
                snap["name"].cell, snap["version"].cell, snap["revision"].cell, snap["channel"].cell, snap["status"].cell,
                snap["confinement"].cell,
            ]
        }
        let empty = device["list"] == .null ? "the device has published no list" : "no snaps"
        try Table(["SNAP", "VERSION", "REVISION", "CHANNEL", "STATUS", "CONFINEMENT"], snaps, empty: empty).print()
    }
}

struct ListSnapOrders: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "orders", abstract: "List the orders to a device, the newest first, and what came of them.")

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The device's uuid.") var uuid: String
    @Option(help: ArgumentHelp("At most so many.", valueName: "number")) var limit = 100

    func validate() throws {
        if !(1...1000).contains(limit) { throw ValidationError("--limit is a number from 1 to 1000.") }
    }

    func run(_ client: AdminClient) async throws {
        let document = try await client.call(
            .GET, DevicesCommand.path(uuid, "snaps", "orders"), query: [(name: "limit", value: String(limit))])
        if isJSON { return try StandardOutput.json(document) }
        let rows = document["orders"].array.map { order in
            [
                order["id"].cell, order["action"].cell, order["snap"].cell, order["state"].cell, order["attempts"].cell,
                order["createdAt"].cell, order["endedAt"].cell, order["orderedBy"].cell, order["message"].cell,
            ]
        }
        let columns = ["ORDER", "ACTION", "SNAP", "STATE", "SENT", "ORDERED", "ENDED", "BY", "MESSAGE"]
        try Table(columns, rows, empty: "no orders").print()
    }
}
