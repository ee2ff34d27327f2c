import ArgumentParser
import Foundation
import TUF

/// `otaserve tuf sign`: sign a root where its keys are, or bring signatures back.
struct TUFSignCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign",
        abstract: "Sign a root with a key that is kept elsewhere, or import such signatures.",
        discussion: """
            With --key it needs no data directory: it prints what it signs and adds a signature to the file. With --channel and \
            --import it adds the signatures to the root that waits, and publishes that when they are enough.
            """)

    @ParentCommand var tuf: TUFCommand
    @OptionGroup var secret: TUFSecretOptions

    @Argument(help: "The root to sign.") var file: String?
    @Option(help: ArgumentHelp("The private key: PEM or .sec; may be repeated.", valueName: "file")) var key: [String] = []
    @Option(help: ArgumentHelp("The root before, to show what changes (default: N-1.root.json beside FILE).", valueName: "file"))
    var previous: String?
    @Option(name: .shortAndLong, help: ArgumentHelp("Where the signed root goes (default: FILE).", valueName: "file")) var output: String?
    @Option(help: "ci or prod.") var channel: TUFChannel?
    @Option(name: .customLong("import"), parsing: .upToNextOption, help: ArgumentHelp("Signed roots to bring back.", valueName: "file"))
    var imports: [String] = []

    func validate() throws {
        let signs = file != nil && !key.isEmpty && channel == nil && imports.isEmpty
        let brings = file == nil && key.isEmpty && channel != nil && !imports.isEmpty
        guard signs || brings else { throw ValidationError("Give either FILE and --key, or --channel and --import.") }
    }

    func run() async throws {
        if let file {
            try sign(file)
        } else if let channel {
            let repository = try tuf.repository(channel, secret)
            let outcome = try repository.importSignatures(imports.map { try TUFFile.content($0) })
            TUFReport.print(outcome, channel: channel, folder: repository.directory)
            if case .published = outcome { try await RefreshRun(channel: channel, repository: repository).run(root: tuf.root) }
        }
    }

    private func sign(_ file: String) throws {
        let passphrase = try secret.passphrase()
        let keys = try key.map { try PrivateKey(file: TUFFile.content($0), passphrase: passphrase) }
        let signing = try RootSigning(TUFFile.content(file), previous: before(of: file))
        for line in signing.summary { print(line) }
        try TUFFile.write(signing.signed(by: keys), to: output ?? file)
        for key in keys { print("signed with  \(try signing.name(of: key.publicKey))") }
        print("Wrote \(output ?? file).")
    }

    private func before(of file: String) throws -> [UInt8]? {
        if let previous { return try TUFFile.content(previous) }
        let version = try RootMetadata(parsing: TUFFile.content(file)).version
        let beside = URL(fileURLWithPath: file).deletingLastPathComponent().appendingPathComponent("\(version - 1).root.json").path
        return FileManager.default.fileExists(atPath: beside) ? try TUFFile.content(beside) : nil
    }
}
