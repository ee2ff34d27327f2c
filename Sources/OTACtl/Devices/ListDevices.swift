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
        case .table: try print(try await pages(client))
        case .json: try StandardOutput.json(["devices": .array(try await pages(client))])
        case .csv, .ndjson: try await export(client)
        }
    }

    private var query: [(name: String, value: String)] { filter.query + (sort.map { [(name: "sort", value: $0)] } ?? []) }

    private func pages(_ client: AdminClient) async throws -> [JSON] {
        var devices: [JSON] = []
        var cursor: String?
        repeat {
            let size = min(1000, (limit ?? .max) - devices.count)
            let place = cursor.map { [(name: "cursor", value: $0)] } ?? []
            let page = try await client.call(.GET, "/v1/devices", query: query + place + [(name: "limit", value: String(size))])
            devices += page["devices"].array
            cursor = page["nextCursor"].string
        } while cursor != nil && devices.count < limit ?? .max
        return devices
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

    private func export(_ client: AdminClient) async throws {
        let most = limit.map { [(name: "limit", value: String($0))] } ?? []
        let format = [(name: "format", value: connection.output.rawValue)]
        let body = try await client.stream("/v1/devices/export", query: query + most + format)
        var pieces = body.makeAsyncIterator()
        while let piece = try await client.reaching({ try await pieces.next() }) {
            try StandardOutput.write(Data(piece.readableBytesView))
        }
    }
}
