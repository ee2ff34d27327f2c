import ArgumentParser
import FileTree
import Fleet
import Foundation
import Persistence
import UpdateTree

/// `otaserve updates`: the tree below `updates/`. Works beside a running server: the tree is what both read.
struct UpdatesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "updates", abstract: "Import, list, show and delete updates.",
        subcommands: [
            ImportUpdateCommand.self, ListUpdatesCommand.self, ShowUpdateCommand.self, DeleteUpdateCommand.self,
        ])

    @ParentCommand var root: OTAServe

    func catalogue() throws -> UpdateCatalogue { try UpdateCatalogue.open(dataDirectory: dataDirectory()) }

    func dataDirectory() throws -> Directory {
        do {
            return try Directory(path: root.datadir)
        } catch {
            throw PersistenceError(.dataDirectoryMissing, "\(error.message); name an existing directory with --datadir")
        }
    }
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

struct ImportUpdateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Copy a directory into the tree; it appears as a whole or not at all.")

    @ParentCommand var updates: UpdatesCommand
    @Argument(help: "A directory with tuf/, ostree_repo/ and apps/.") var source: String
    @OptionGroup var key: UpdateKeyOptions

    func run() async throws {
        let key = try key.key()
        let catalogue = try updates.catalogue()
        let update = try ImportClaim.importing(into: updates.dataDirectory()) {
            try UpdateImport(catalogue: catalogue).run(source: source, key: key)
        }
        print("imported \(update.key): \(update.targets.map(\.name).joined(separator: ", "))")
        StandardError.print("otaserve: structure, targets and tags were checked; signatures and content were not")
    }
}

struct ListUpdatesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the updates in the tree.")

    @ParentCommand var updates: UpdatesCommand
    @Option(name: .shortAndLong, help: "table or json.") var output: OutputFormat = .table

    func run() async throws {
        let found = try updates.catalogue().updates()
        switch output {
        case .json: try OutputFormat.printJSON(found.map(UpdateDocument.init))
        case .table:
            if found.isEmpty { return print("there are no updates; bring one in with otaserve updates import") }
            OutputFormat.printTable(
                ["CHANNEL", "TAG", "NAME", "TARGETS", "APPS", "PROBLEM"],
                found.map { update in
                    [
                        update.key.channel.rawValue, update.key.tag.text, update.key.name.text,
                        update.targets.map(\.name).joined(separator: ","), update.apps.map(\.text).joined(separator: ","),
                        update.problem ?? "-",
                    ]
                })
            StandardError.print("otaserve: warning: serve: any; signatures and content of updates are not verified")
        }
    }
}

struct ShowUpdateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show one update.")

    @ParentCommand var updates: UpdatesCommand
    @OptionGroup var key: UpdatePathArgument

    func run() async throws { try OutputFormat.printJSON(UpdateDocument(updates.catalogue().update(key.key()))) }
}

struct DeleteUpdateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Remove an update; refused while devices are assigned to it.")

    @ParentCommand var updates: UpdatesCommand
    @OptionGroup var key: UpdatePathArgument

    func run() async throws {
        let key = try key.key()
        if let server = RunningServer(datadir: updates.root.datadir) {
            try await server.send(.DELETE, "/v1/updates/\(key.path)")
        } else {
            let assembly = try await Assembly.open(datadir: updates.root.datadir, registration: .open)
            let assigned = assembly.registry.countAssigned(to: key)
            guard assigned == 0 else {
                throw UpdateTreeError(
                    .updateAssigned, "\(assigned) devices are assigned to \(key); roll another update out to them first")
            }
            try assembly.catalogue.delete(key)
        }
        print("deleted \(key)")
    }
}
