import ArgumentParser
import Foundation

struct ListDevices: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the devices, all or those that a filter means.",
        discussion: "csv and ndjson are written as they come, also when the devices are very many.")

    @OptionGroup var connection: ListingOptions
    @OptionGroup var filter: FilterOptions
    @Option(
        // A value that begins with - is no option here.
        parsing: .unconditional,
        help: ArgumentHelp("Sort by an attribute such as name, or -lastSeen for descending.", valueName: "attribute"))
    var sort: String?
    @Option(help: ArgumentHelp("At most so many devices.", valueName: "number"))
    var limit: Int?

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit is a number from 1.") }
    }

    func run(_ client: AdminClient) async throws {
        switch connection.output {
        case .table: try print(try await devices(client))
        case .json: try StandardOutput.json(["devices": .array(try await devices(client))])
        case .csv, .ndjson: try await export(client, as: connection.output) { try StandardOutput.write($0) }
        }
    }

    /// All of them from one answer: as many pages would be as many looks at the whole fleet.
    private func devices(_ client: AdminClient) async throws -> [JSON] {
        var lines = DocumentLines()
        try await export(client, as: .ndjson) { try lines.consume($0) }
        return lines.documents
    }

    private func export(_ client: AdminClient, as format: ListingOptions.Output, to consume: (Data) throws -> Void) async throws {
        let options = [("sort", sort), ("limit", limit.map { String($0) }), ("format", format.rawValue)]
        let query = filter.query + options.compactMap { name, value in value.map { (name: name, value: $0) } }
        let body = try await client.stream("/v1/devices/export", query: query)
        var pieces = body.makeAsyncIterator()
        while let piece = try await client.reaching({ try await pieces.next() }) { try consume(Data(piece.readableBytesView)) }
    }

    private func print(_ devices: [JSON]) throws {
        let rows = devices.map { device in
            [
                device["uuid"].cell, device["name"].cell, device["group"].cell, device["isProd"] == .bool(true) ? "prod" : "ci",
                device["tag"].cell, device["updateName"].cell, device["targetName"].cell, device["status"].cell, device["lastSeen"].cell,
                device["online"] == .bool(true) ? "online" : "", device["denied"] == .bool(true) ? "denied" : "",
            ]
        }
        let columns = ["UUID", "NAME", "GROUP", "CHANNEL", "TAG", "UPDATE", "TARGET", "STATUS", "LAST SEEN", "", ""]
        try Table(columns, rows, empty: "no devices").print()
    }
}
