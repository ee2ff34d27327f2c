import ArgumentParser
import Foundation
import SoftwareAgent

/// `ota-agent`: what runs on a device beside its updater.
@main
struct OTAAgent: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ota-agent", abstract: "Let the update server see and manage the software on this device.",
        subcommands: [SnapsCommand.self])

    static func main() async {
        do {
            var command = try parseAsRoot()
            if var command = command as? AsyncParsableCommand { try await command.run() } else { try command.run() }
        } catch let error as SoftwareAgentError {
            FileHandle.standardError.write(Data("ota-agent: \(error.code.rawValue): \(error.message)\n".utf8))
            Foundation.exit(1)
        } catch {
            exit(withError: error)
        }
    }
}
