import ArgumentParser

struct SitesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sites", abstract: "Sites: what other installations reported of their devices.",
        subcommands: [ListSites.self, ShowSite.self])
}

struct ListSites: ClientCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the sites that reported.")

    @OptionGroup var connection: ConnectionOptions

    func run(_ client: AdminClient) async throws {
        let document = try await client.list("/v1/sites", member: "sites")
        if isJSON { return try StandardOutput.json(document) }
        let rows = document["sites"].array.map { site in
            [site["name"].cell, site["asOf"].cell, site["via"].cell, site["devices"].cell, site["lastSeen"].cell, SiteUpdates.cell(site)]
        }
        try Table(["SITE", "AS OF", "VIA", "DEVICES", "LAST SEEN", "DEVICES BY UPDATE"], rows, empty: "no site has reported").print()
    }
}

/// The updates of a site, in one cell.
enum SiteUpdates {
    static func cell(_ site: JSON) -> String {
        let counts = site["updates"].array.map { update in
            "\(update["channel"].cell)/\(update["tag"].cell)/\(update["name"].cell)=\(update["devices"].cell)"
        }
        return counts.isEmpty ? "-" : counts.joined(separator: ",")
    }
}
