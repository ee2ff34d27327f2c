import ArgumentParser
import UpdateTree

struct ShowStoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show how much the store holds, how often it is shared, and what that saves.")

    @ParentCommand var store: StoreCommand
    @Option(name: .shortAndLong, help: "table or json.") var output: OutputFormat = .table

    func run() throws {
        let statistics = try store.library().store.statistics()
        switch output {
        case .json: try OutputFormat.printJSON(StoreDocument(statistics))
        case .table:
            print("\(statistics.files) files, \(ByteCount.text(statistics.bytes))")
            print("saved by sharing: \(ByteCount.text(statistics.savedBytes))")
            print("held by no update: \(ByteCount.text(statistics.unusedBytes))")
            if statistics.damagedFiles > 0 { print("set aside as damaged: \(statistics.damagedFiles) files") }
            OutputFormat.printTable(
                ["UPDATES", "FILES"],
                statistics.filesByUpdates.sorted { $0.key < $1.key }.map { [String($0.key), String($0.value)] })
        }
    }
}

/// The store in numbers, for programs.
struct StoreDocument: Encodable {
    struct Share: Encodable {
        let updates: Int
        let files: Int64
    }

    let files: Int64
    let bytes: Int64
    let savedBytes: Int64
    let unusedBytes: Int64
    let damagedFiles: Int
    let shared: [Share]

    init(_ statistics: StoreStatistics) {
        files = statistics.files
        bytes = statistics.bytes
        savedBytes = statistics.savedBytes
        unusedBytes = statistics.unusedBytes
        damagedFiles = statistics.damagedFiles
        shared = statistics.filesByUpdates.sorted { $0.key < $1.key }.map { Share(updates: $0.key, files: $0.value) }
    }
}
