import ArgumentParser
import Persistence

/// `otaserve audit`: who did what. Works beside a running server.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Check and show the log of who did what.",
        subcommands: [AuditVerifyCommand.self, AuditShowCommand.self])

    @ParentCommand var root: OTAServe

    func files() throws -> AuditFiles { try AuditFiles(dataDirectory: root.dataDirectory()) }
}

struct AuditVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Walk along the chain and name the first line that breaks it.")

    @ParentCommand var audit: AuditCommand

    func run() throws {
        let verification = try audit.files().verify()
        if let defect = verification.defect {
            throw PersistenceError(
                .corrupt,
                "audit/\(defect.file), line \(defect.line): \(defect.message); compare with a backup, or with upstream's sites/<name>/audit"
            )
        }
        print("\(verification.lines) lines, the chain is whole")
        if verification.hasUnfinishedLine { print("a crash left the beginning of a line; the next entry takes its place") }
    }
}

struct AuditShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Print the last lines, one JSON document each.")

    @ParentCommand var audit: AuditCommand
    @Option(help: "How many lines at most.") var last = 50

    func validate() throws {
        if !(1...100_000).contains(last) { throw ValidationError("--last must be between 1 and 100000.") }
    }

    func run() throws {
        let files = try audit.files()
        let number = try files.lastNumber()
        for line in try files.lines(from: max(1, number - Int64(last) + 1), most: last, bytes: 1 << 30) { print(line.text) }
    }
}
