import ArgumentParser

struct ShowSite: ClientCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show a site and its devices as it reported them.")

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The site's name.") var name: String

    func run(_ client: AdminClient) async throws {
        let site = try await client.list("/v1/sites/\(ServerAddress.encode(name))", member: "devicePage")
        if isJSON { return try StandardOutput.json(site) }
        let rows = [
            ["site", site["name"].cell],
            ["as of", site["asOf"].cell],
            ["received", "\(site["receivedAt"].cell) (\(site["via"].cell), number \(site["sequence"].cell))"],
            ["certificate", site["certificate"].cell],
            ["devices", site["devices"].cell],
            ["last seen", site["lastSeen"].cell],
            ["by update", SiteUpdates.cell(site)],
            ["not granted", site["passedOver"].cell],
        ]
        try Table([], rows, empty: "").print()
        try StandardOutput.line("")
        let cells = site["devicePage"].array.map { device in
            [
                device["uuid"].cell, device["isProd"] == .bool(true) ? "prod" : "ci", device["tag"].cell, device["updateName"].cell,
                device["targetName"].cell, device["lastSeen"].cell, device["denied"] == .bool(true) ? "denied" : "",
            ]
        }
        try Table(["UUID", "CHANNEL", "TAG", "UPDATE", "TARGET", "LAST SEEN", ""], cells, empty: "no devices").print()
    }
}
