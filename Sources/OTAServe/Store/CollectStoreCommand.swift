import ArgumentParser
import Foundation
import OperatorAuth
import UpdateTree

struct CollectStoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "collect", abstract: "Remove content that no update holds any more.")

    @ParentCommand var store: StoreCommand
    @Flag(help: "Tell what would go, and remove nothing.") var dryRun = false
    @Option(help: "Keep what was held until so long ago, such as 12h or 7d.") var grace = "7d"
    @Option(name: .shortAndLong, help: "table or json.") var output: OutputFormat = .table

    func run() throws {
        let collection = StoreCollection(library: try store.library(), grace: .seconds(try Lifetime(grace).seconds))
        var files: [CollectionDocument.File] = []
        let each: (CollectedFile) -> Void = { file in
            switch output {
            case .json: files.append(CollectionDocument.File(file))
            case .table: if dryRun { Self.print(file) }
            }
        }
        let now = Assembly.clock()
        let summary = dryRun ? try collection.preview(now: now, each: each) : try collection.run(now: now, each: each)
        switch output {
        case .json: try OutputFormat.printJSON(CollectionDocument(summary, files, isDryRun: dryRun))
        case .table: Self.print(summary, isDryRun: dryRun)
        }
    }

    private static func print(_ file: CollectedFile) {
        Swift.print("\(file.path)  \(ByteCount.text(file.size))  \(file.reason.rawValue) since \(CollectionDocument.time(file.since))")
    }

    private static func print(_ summary: CollectionSummary, isDryRun: Bool) {
        func line(_ sum: CollectionSummary.Sum, _ what: String) {
            if sum.files > 0 { Swift.print("\(sum.files) files, \(ByteCount.text(sum.bytes)): \(what)") }
        }
        Swift.print("\(isDryRun ? "would remove" : "removed") \(summary.removed.files) files, \(ByteCount.text(summary.removed.bytes))")
        line(summary.inUse, "stay, held by updates")
        line(summary.withinGrace, "stay for the grace period")
        line(summary.damaged, "stay, damaged and still held by updates")
        line(summary.foreign, "stay, no content of updates")
    }
}

/// What a collection removed, for programs.
struct CollectionDocument: Encodable {
    struct File: Encodable {
        let path: String
        let bytes: Int64
        let reason: String
        let since: String

        init(_ file: CollectedFile) {
            path = file.path
            bytes = file.size
            reason = file.reason.rawValue
            since = CollectionDocument.time(file.since)
        }
    }

    struct Sum: Encodable {
        let files: Int64
        let bytes: Int64

        init(_ sum: CollectionSummary.Sum) {
            files = sum.files
            bytes = sum.bytes
        }
    }

    let dryRun: Bool
    let removed: Sum
    let inUse: Sum
    let withinGrace: Sum
    let damaged: Sum
    let foreign: Sum
    let files: [File]

    init(_ summary: CollectionSummary, _ files: [File], isDryRun: Bool) {
        dryRun = isDryRun
        removed = Sum(summary.removed)
        inUse = Sum(summary.inUse)
        withinGrace = Sum(summary.withinGrace)
        damaged = Sum(summary.damaged)
        foreign = Sum(summary.foreign)
        self.files = files
    }

    static func time(_ seconds: Int64) -> String { Date(timeIntervalSince1970: TimeInterval(seconds)).formatted(.iso8601) }
}
