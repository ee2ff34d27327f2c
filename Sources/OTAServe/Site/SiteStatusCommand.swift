import ArgumentParser
import FileTree
import Foundation
import SiteSync

struct SiteStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "status", abstract: "Show how the last sync went.")

    @ParentCommand var site: SiteCommand
    @Option(name: .shortAndLong, help: "table or json.") var output: OutputFormat = .table

    func run() throws {
        guard let status = try SiteFolder.open(in: site.root.dataDirectory()).status() else {
            guard output == .table else { return print("null") }
            return print("there was no sync yet; see otaserve site sync --help")
        }
        switch output {
        case .json: try OutputFormat.printJSON(status)
        case .table:
            print("upstream: \(status.upstream)")
            print("began: \(Self.time(status.startedAt))")
            print("ended: \(status.endedAt.map(Self.time) ?? "not yet, or it was killed")")
            if let error = status.error { return print("nothing could be done: \(error)") }
            SyncPrinter.table(status.report)
        }
    }

    private static func time(_ seconds: Int64) -> String { Date(timeIntervalSince1970: TimeInterval(seconds)).formatted(.iso8601) }
}
