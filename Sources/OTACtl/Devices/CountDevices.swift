import ArgumentParser

struct CountDevices: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "count", abstract: "Count the devices, all or those that a filter means, and by an attribute.")

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var filter: FilterOptions
    @Option(help: ArgumentHelp("Count those of each value of an attribute, such as group.", valueName: "attribute"))
    var by: String?

    func run(_ client: AdminClient) async throws {
        let attribute = by.map { [(name: "by", value: $0)] } ?? []
        let counts = try await client.call(.GET, "/v1/devices/count", query: filter.query + attribute)
        if isJSON { return try StandardOutput.json(counts) }
        guard let by else { return try StandardOutput.line(counts["total"].cell) }
        var rows = counts["groups"].array.map { [$0["value"].cell, $0["count"].cell] }
        if let others = counts["others"].integer, others > 0 { rows.append(["(others)", String(others)]) }
        try Table([Plain.line(by).uppercased(), "DEVICES"], rows + [["(in all)", counts["total"].cell]], empty: "").print()
    }
}
