import ArgumentParser
import UpdateTree

struct ListUpdatesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the updates in the tree.")

    @ParentCommand var updates: UpdatesCommand
    @Option(name: .shortAndLong, help: "table or json.") var output: OutputFormat = .table

    func run() throws {
        let found = try updates.library().updates()
        switch output {
        case .json: try OutputFormat.printJSON(found.map(UpdateDocument.init))
        case .table:
            if found.isEmpty { return print("there are no updates; bring one in with otaserve updates import") }
            OutputFormat.printTable(
                ["CHANNEL", "TAG", "NAME", "TARGETS", "APPS", "CHECKED", "PROBLEM"],
                found.map { update in
                    [
                        update.key.channel.rawValue, update.key.tag.text, update.key.name.text,
                        update.targets.map(\.name).joined(separator: ","), update.apps.map(\.text).joined(separator: ","),
                        update.verification.rawValue, update.problem ?? "-",
                    ]
                })
            try updates.root.warnAboutServingUnverified()
        }
    }
}

struct ShowUpdateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show one update.")

    @ParentCommand var updates: UpdatesCommand
    @OptionGroup var key: UpdatePathArgument

    func run() throws { try OutputFormat.printJSON(UpdateDocument(updates.library().update(key.key()))) }
}
