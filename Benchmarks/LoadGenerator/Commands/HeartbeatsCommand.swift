import ArgumentParser
import NIOCore

/// `heartbeats`: `POST /snaps/heartbeat`, of devices whose snaps the server knows and that do not change.
struct HeartbeatsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "heartbeats", abstract: "POST /snaps/heartbeat, always the same, after one list of each device.")

    @OptionGroup var posting: PostingOptions

    func run() async throws {
        try await posting.run("heartbeats") { [authority = posting.server.authority] _ in DeviceHeartbeats(authority: authority) }
    }
}
