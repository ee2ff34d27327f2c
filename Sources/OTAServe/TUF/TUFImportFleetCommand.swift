import ArgumentParser
import TUF

/// `otaserve tuf import-fleet`: trust the roots that a fleet's devices trust already.
struct TUFImportFleetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import-fleet",
        abstract: "Take over an existing fleet's roots and, if you have them, its keys.",
        discussion: """
            The lowest root is trusted because you name it: take it from a device's image. Every other one must be signed by \
            the one before. targets.json, snapshot.json and timestamp.json among the files tell which versions devices have \
            seen, so that what is signed here is newer.
            """)

    @ParentCommand var tuf: TUFCommand
    @OptionGroup var secret: TUFSecretOptions

    @Option(help: "ci or prod.") var channel: TUFChannel
    @Argument(help: "N.root.json files, or directories with them.") var files: [String]
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Private keys (PEM or .sec), or directories with them.", valueName: "file"))
    var keys: [String] = []

    func run() throws {
        var roots: [[UInt8]] = []
        var metadata: [String: [UInt8]] = [:]
        for (name, bytes) in try TUFFile.all(files) {
            if name.hasSuffix("root.json") {
                roots.append(bytes)
            } else if ["targets.json", "snapshot.json", "timestamp.json"].contains(name) {
                metadata[name] = bytes
            }
        }
        let passphrase = try secret.passphrase()
        let privateKeys = try TUFFile.all(keys).filter { !$0.name.hasSuffix(".pub") }.map { name, bytes in
            do {
                return try PrivateKey(file: bytes, passphrase: passphrase)
            } catch let error as TUFError {
                throw TUFError(error.code, "\(name): \(error.message)")
            }
        }
        let sealing = privateKeys.isEmpty ? nil : try secret.secretForNewKeys(in: tuf.folder())
        let range = try ChannelRepository.importFleet(
            FleetFiles(roots: roots, metadata: metadata, keys: privateKeys), in: tuf.folder(of: channel), secret: sealing)
        print("\(channel.rawValue): roots \(range.first) to \(range.newest) are trusted; \(privateKeys.count) keys imported.")
        let status = try tuf.repository(channel, secret).status(now: .now)
        for problem in status.problems { print("Note: \(problem)") }
    }
}
