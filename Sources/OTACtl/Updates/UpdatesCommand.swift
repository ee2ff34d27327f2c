import ArgumentParser
import Foundation

struct UpdatesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "updates", abstract: "Updates: bring them in, look at them and remove them.",
        subcommands: [ImportUpdate.self, ListUpdates.self, ShowUpdate.self, DeleteUpdate.self])
}

/// An update, named by channel, tag and name.
struct UpdateArgument: ParsableArguments {
    @Argument(help: ArgumentHelp("Such as ci/main/42.", valueName: "update"))
    var words: [String]

    private var parts: [String] { words.flatMap { $0.split(separator: "/").map(String.init) } }
    var text: String { parts.joined(separator: "/") }
    var path: String { "/v1/updates/" + parts.map(ServerAddress.encode).joined(separator: "/") }

    func validate() throws {
        guard parts.count == 3 else { throw ValidationError("Name the update by channel, tag and name, such as ci/main/42.") }
    }
}

struct ListUpdates: ClientCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the updates.")

    @OptionGroup var connection: ConnectionOptions

    func run(_ client: AdminClient) async throws {
        let document = try await client.list("/v1/updates", member: "updates")
        if isJSON { return try StandardOutput.json(document) }
        let rows = document["updates"].array.map { update in
            [
                "\(update["channel"].cell)/\(update["tag"].cell)/\(update["name"].cell)", update["createdAt"].cell,
                update["assignedDevices"].cell, update["apps"].cell, update["verification"].cell, update["problem"].cell,
            ]
        }
        try Table(["UPDATE", "CREATED", "DEVICES", "APPS", "CHECKED", "PROBLEM"], rows, empty: "no updates").print()
        if let warning = document["warning"].string {
            FileHandle.standardError.write(Data("otactl: warning: \(Plain.line(warning))\n".utf8))
        }
    }
}

struct DeleteUpdate: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Remove an update that no device is assigned to.")

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var update: UpdateArgument

    func run(_ client: AdminClient) async throws {
        _ = try await client.call(.DELETE, update.path)
        if isJSON {
            try StandardOutput.json(["deleted": .text(update.text)])
        } else {
            try StandardOutput.line("deleted \(Plain.line(update.text))")
        }
    }
}
