import ArgumentParser
import Foundation

/// A command that talks to the server. Errors become one line on standard error and an exit code.
protocol ClientCommand: AsyncParsableCommand {
    associatedtype Options: ClientOptions
    var connection: Options { get }
    func run(_ client: AdminClient) async throws
    /// Seconds without a byte after which the server counts as gone.
    var patience: Int64 { get }
}

extension ClientCommand {
    var patience: Int64 { 300 }
    var isJSON: Bool { connection.isJSON }

    mutating func run() async throws {
        do {
            let client = try connection.server.client(patience: patience)
            do {
                try await run(client)
            } catch {
                await client.close()
                throw error
            }
            await client.close()
        } catch let error as ControlError {
            FileHandle.standardError.write(Data("otactl: \(error.slug): \(Plain.line(error.detail))\n".utf8))
            throw ExitCode(error.exit.rawValue)
        }
    }
}
