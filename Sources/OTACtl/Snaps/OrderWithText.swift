import ArgumentParser
import Foundation

/// The text of an order: from a file or standard input, for other users see the arguments of a process.
struct OrderText: ParsableArguments {
    @Option(help: ArgumentHelp("The text itself. Other users see it while the command runs.", valueName: "text")) var data: String?
    @Option(help: ArgumentHelp("A file with the text, - for standard input.", valueName: "path")) var file: String?

    func validate() throws {
        if (data == nil) == (file == nil) { throw ValidationError("Give --file, or --data.") }
    }

    func read() throws(ControlError) -> String {
        if let data { return data }
        return try SnapOrderCall.read(file ?? "-")
    }
}

/// An order to a device that takes a text.
struct OrderWithText<Word: OrderWord>: ClientCommand {
    static var configuration: CommandConfiguration { CommandConfiguration(commandName: Word.word, abstract: Word.abstract) }

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The device's uuid.") var uuid: String
    @OptionGroup var text: OrderText

    func run(_ client: AdminClient) async throws {
        try await SnapOrderCall(uuid: uuid, action: Word.action, data: try text.read()).run(client, as: isJSON)
    }
}

/// An order about a snap that takes a JSON object.
struct OrderWithFile<Word: OrderWord>: ClientCommand {
    static var configuration: CommandConfiguration { CommandConfiguration(commandName: Word.word, abstract: Word.abstract) }

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The device's uuid.") var uuid: String
    @Argument(help: "The snap's name.") var snap: String
    @OptionGroup var text: OrderText

    func run(_ client: AdminClient) async throws {
        let data = try text.read()
        guard case .object? = try? JSONDecoder().decode(JSON.self, from: Data(data.utf8)) else {
            throw ControlError(.badData, "data-invalid", "the text is no JSON object; write it as {\"name\": value}")
        }
        try await SnapOrderCall(uuid: uuid, action: Word.action, snap: snap, data: data).run(client, as: isJSON)
    }
}

struct OrderSnapshot: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "snapshot", abstract: "Order a device to take a snapshot of a snap's data.",
        discussion: "Agents from before OTAServe put the snapshot to --url, which they need.")

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The device's uuid.") var uuid: String
    @Argument(help: "The snap's name.") var snap: String
    @Option(help: "Where to put it; an address that takes PUT.") var url: String?

    func run(_ client: AdminClient) async throws {
        let data = try url.map { try SnapOrderCall.text(["url": .text($0)]) }
        try await SnapOrderCall(uuid: uuid, action: "snapshot", snap: snap, data: data).run(client, as: isJSON)
    }
}

struct OrderLogs: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs", abstract: "Ask a device for the last lines of its log.",
        discussion: "Agents from before OTAServe put the lines to --url, which they need.")

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The device's uuid.") var uuid: String
    @Argument(help: "A snap; all of them unless told.") var snap: String?
    @Option(help: ArgumentHelp("So many lines.", valueName: "number")) var limit = 100
    @Option(help: "Where to put them; an address that takes PUT.") var url: String?

    func validate() throws {
        if !(1...10_000).contains(limit) { throw ValidationError("--limit is a number from 1 to 10000.") }
    }

    func run(_ client: AdminClient) async throws {
        let data = try SnapOrderCall.text(["limit": .integer(Int64(limit)), "url": url.map(JSON.text)])
        try await SnapOrderCall(uuid: uuid, action: "logs", snap: snap, data: data).run(client, as: isJSON)
    }
}
