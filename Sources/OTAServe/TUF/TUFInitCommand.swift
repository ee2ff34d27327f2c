import ArgumentParser
import FileTree
import Foundation
import TUF

/// `otaserve tuf init`: keys and the first root.
struct TUFInitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Create a channel's keys and its first root.",
        discussion: "A channel that has a root already is refused; nothing is overwritten.")

    enum Channels: String, ExpressibleByArgument, CaseIterable {
        case ci
        case prod
        case both

        var all: [TUFChannel] {
            switch self {
            case .ci: [.ci]
            case .prod: [.prod]
            case .both: [.ci, .prod]
            }
        }
    }

    @ParentCommand var tuf: TUFCommand
    @OptionGroup var secret: TUFSecretOptions

    @Option(help: "ci, prod or both.") var channel: Channels = .both
    @Option(help: "ed25519 or rsa.") var keyType: TUFKeyType = .ed25519
    @Flag(help: "The root's private keys are elsewhere; give the public ones with --root-key.") var offlineRoot = false
    @Option(help: ArgumentHelp("A public key of the root, PEM; may be repeated.", valueName: "file")) var rootKey: [String] = []
    @Option(help: "How many of the root's keys must sign.") var rootThreshold = 1

    func validate() throws {
        guard offlineRoot == !rootKey.isEmpty else {
            throw ValidationError("--offline-root and --root-key belong together: give the public key of each root key.")
        }
        guard (1...max(1, rootKey.count)).contains(rootThreshold) else {
            throw ValidationError("--root-threshold must be between 1 and the count of --root-key.")
        }
    }

    func run() throws {
        let place = try place()
        let secret = try self.secret.secretForNewKeys(in: tuf.folder())
        for channel in channel.all {
            let folder = try tuf.folder(of: channel)
            let outcome = try ChannelRepository.create(
                in: folder, secret: secret, keyAlgorithm: keyType.algorithm, root: place, now: .now)
            TUFReport.print(outcome, channel: channel, folder: folder)
        }
        if case .here = place {
            print("The root's key signs nothing in daily use: docs/how-to/offline-root.md tells how to keep it elsewhere.")
        }
    }

    private func place() throws -> RootKeyPlace {
        guard offlineRoot else { return .here }
        let keys = try rootKey.map { path in
            // A private half is refused: here it would only lie about.
            guard case .elsewhere(let key) = try RoleKey(file: TUFFile.content(path)) else {
                throw ValidationError("\(path) holds a private key; give the public one: openssl pkey -in \(path) -pubout")
            }
            return key
        }
        return .elsewhere(keys: keys, threshold: rootThreshold)
    }
}
