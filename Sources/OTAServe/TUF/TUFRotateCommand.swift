import ArgumentParser
import TUF

/// `otaserve tuf rotate`: a new root with other keys.
struct TUFRotateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Change a role's keys or threshold with a new root.",
        discussion: """
            Without --add-key, --remove-key and --threshold a new key takes the place of the role's only one. The new root is \
            signed with the root keys that are here; when that is not enough, it waits for 'tuf sign'.
            """)

    @ParentCommand var tuf: TUFCommand
    @OptionGroup var secret: TUFSecretOptions

    @Option(help: "ci or prod.") var channel: TUFChannel
    @Option(help: "root, targets, snapshot or timestamp.") var role: TUFRole?
    @Option(help: "Make a key of this type here: ed25519 or rsa.") var keyType: TUFKeyType?
    @Option(help: ArgumentHelp("Add this key: a public one, or a private one to keep here; may be repeated.", valueName: "file"))
    var addKey: [String] = []
    @Option(help: ArgumentHelp("Remove the key with this id; may be repeated.", valueName: "id")) var removeKey: [String] = []
    @Option(help: "How many of the role's keys must sign.") var threshold: Int?
    @Flag(help: "Sign nothing: leave the new root waiting.") var unsigned = false
    @Flag(help: "Drop the root that waits.") var discard = false

    func validate() throws {
        guard discard == (role == nil) else { throw ValidationError("Give either --role or --discard.") }
    }

    func run() async throws {
        let repository = try tuf.repository(channel, secret)
        guard let role else {
            let version = try repository.discardPending()
            return print(version.map { "\(channel.rawValue): root \($0) is dropped." } ?? "\(channel.rawValue): no root waits.")
        }
        let outcome = try repository.rotate(role.role, change(), isUnsigned: unsigned, now: .now)
        TUFReport.print(outcome, channel: channel, folder: repository.directory)
        if case .published = outcome { try await RefreshRun(channel: channel, repository: repository).run(root: tuf.root) }
    }

    private func change() throws -> RoleChange {
        if addKey.isEmpty, removeKey.isEmpty, threshold == nil { return .replace((keyType ?? .ed25519).algorithm) }
        let passphrase = try secret.passphrase()
        return .edit(
            making: keyType?.algorithm, adding: try addKey.map { try RoleKey(file: TUFFile.content($0), passphrase: passphrase) },
            removing: try removeKey.map { try KeyID($0) }, threshold: threshold)
    }
}

/// A role on the command line.
enum TUFRole: String, ExpressibleByArgument, CaseIterable {
    case root
    case targets
    case snapshot
    case timestamp

    var role: TopRole {
        switch self {
        case .root: .root
        case .targets: .targets
        case .snapshot: .snapshot
        case .timestamp: .timestamp
        }
    }
}
