import ArgumentParser

/// `events`: `POST /events` with one fresh event each.
struct EventsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "events", abstract: "POST /events, one fresh event each.")

    @OptionGroup var posting: PostingOptions

    @Option(help: "The targetName in the events.")
    var targetName = "bench"

    func run() async throws {
        try await posting.run("events") { [authority = posting.server.authority, targetName] _ in
            DeviceEvents(authority: authority, targetName: targetName)
        }
    }
}
