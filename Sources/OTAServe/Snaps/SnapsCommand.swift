import ArgumentParser
import Foundation
import UpdateTree

/// `otaserve snaps`: the pools of snaps that all updates of a channel and tag share. Works beside a running server.
struct SnapsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "snaps", abstract: "Add, list, remove and check the snaps that all updates of a channel and tag share.",
        subcommands: [AddSnapCommand.self, ListSnapsCommand.self, RemoveSnapCommand.self, VerifySnapsCommand.self])

    @ParentCommand var root: OTAServe

    func library() throws -> UpdateLibrary { try root.library() }

    static var workers: Int { ProcessInfo.processInfo.activeProcessorCount }
}

/// The two words that name a pool.
struct SnapPoolOptions: ParsableArguments {
    @Option(help: "ci or prod.") var channel: String
    @Option(help: "The tag that devices send.") var tag: String

    func key() throws -> SnapPoolKey { SnapPoolKey(channel: try Channel(channel), tag: try Tag(tag)) }
}
