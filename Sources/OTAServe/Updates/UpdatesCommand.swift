import ArgumentParser
import UpdateTree

/// `otaserve updates`: the tree below `updates/`. Works beside a running server: the tree is what both read.
struct UpdatesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "updates", abstract: "Import, check, list, show and delete updates.",
        subcommands: [
            ImportUpdateCommand.self, VerifyUpdateCommand.self, ListUpdatesCommand.self, ShowUpdateCommand.self,
            DeleteUpdateCommand.self,
        ])

    @ParentCommand var root: OTAServe

    func library() throws -> UpdateLibrary { try root.library() }
}

/// The three words that name an update.
struct UpdateKeyOptions: ParsableArguments {
    @Option(help: "ci or prod.") var channel: String
    @Option(help: "The tag that devices send.") var tag: String
    @Option(help: "The update's name, such as 42.") var name: String

    func key() throws -> UpdateKey {
        UpdateKey(channel: try Channel(channel), tag: try Tag(tag), name: try UpdateName(name))
    }
}

/// An update named in one word: `ci/main/42`.
struct UpdatePathArgument: ParsableArguments {
    @Argument(help: "CHANNEL/TAG/NAME, such as ci/main/42.") var update: String

    func key() throws -> UpdateKey {
        let parts = update.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw ValidationError("Name the update as CHANNEL/TAG/NAME, such as ci/main/42.") }
        return UpdateKey(channel: try Channel(String(parts[0])), tag: try Tag(parts[1]), name: try UpdateName(parts[2]))
    }
}
