import ArgumentParser
import UpdateTree

/// `otaserve store`: the content that updates share. Works beside a running server.
struct StoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store", abstract: "Check, repair, collect and show the content that updates share.",
        subcommands: [VerifyStoreCommand.self, CollectStoreCommand.self, ShowStoreCommand.self])

    @ParentCommand var root: OTAServe

    func library() throws -> UpdateLibrary { try root.library() }
}
