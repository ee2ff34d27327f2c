import ArgumentParser
import Foundation

struct ShowDeviceFile: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "file", abstract: "Print a file that a device sent.",
        discussion: "On a terminal control characters are replaced; elsewhere the bytes are written as they are.")

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The device's uuid.") var uuid: String
    @Argument(help: "The file's name, such as hardware-info.") var name: String

    func run(_ client: AdminClient) async throws {
        let bytes = try await client.bytes(.GET, DevicesCommand.path(uuid, "files", name))
        if isJSON {
            let text = JSON.text(String(decoding: bytes, as: UTF8.self))
            return try StandardOutput.json(.object(["uuid": .text(uuid), "name": .text(name), "content": text]))
        }
        if StandardOutput.isTerminal {
            try StandardOutput.line(Plain.text(String(decoding: bytes, as: UTF8.self)))
        } else {
            try StandardOutput.write(bytes)
        }
    }
}
