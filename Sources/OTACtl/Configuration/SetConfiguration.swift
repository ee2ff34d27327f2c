import ArgumentParser
import Foundation

struct SetConfiguration: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Set a file; devices get it when they ask next.",
        discussion: "The value is read from a file or standard input: other users see the arguments of a process.")

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var place: ConfigurationPlaceOptions
    @Option(help: "Why: one line for the history.") var reason: String
    @Option(
        help: ArgumentHelp(
            "Command that the device runs when the file changed; once more for each argument.",
            valueName: "word"))
    var onChanged: [String] = []
    @Flag(help: "The value is encrypted for the device's key.") var encrypted = false
    @Argument(help: "The file's name on the device.") var name: String
    @Argument(help: "File with the value, - for standard input.") var file: String

    func run(_ client: AdminClient) async throws {
        let data = file == "-" ? try? FileHandle.standardInput.readToEnd() ?? Data() : FileManager.default.contents(atPath: file)
        guard let data, let value = String(data: data, encoding: .utf8) else {
            throw ControlError(.badData, "file-unreadable", "cannot read \(file) as text; check its path and mode")
        }
        let body: JSON = [
            "value": .text(value), "unencrypted": .bool(!encrypted), "onChanged": .array(onChanged.map(JSON.text)),
            "reason": .text(reason),
        ]
        try ConfigCommand.print(try await client.call(.PUT, place.path("files", name), body: body), as: isJSON)
    }
}
