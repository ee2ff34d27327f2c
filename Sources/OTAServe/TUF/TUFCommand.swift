import ArgumentParser
import FileTree
import TUF

/// `otaserve tuf …`: who may sign updates, and the keys that do.
struct TUFCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tuf",
        abstract: "Create and look after the keys that sign updates.",
        discussion: """
            Each channel has its own roots and keys in the folder tuf below the data directory. Private keys are sealed under \
            the passphrase in OTASERVE_TUF_PASSPHRASE or --passphrase-file; without one, under the file tuf/key.
            """,
        subcommands: [
            TUFInitCommand.self, TUFImportFleetCommand.self, TUFRotateCommand.self, TUFSignCommand.self, TUFStatusCommand.self,
            TUFRefreshCommand.self,
        ])

    @ParentCommand var root: OTAServe

    /// The folder `tuf`, made when it is absent.
    func folder() throws -> Directory { try root.dataDirectory().makeDirectory("tuf", mode: 0o700) }

    /// A channel's folder, made when it is absent.
    func folder(of channel: TUFChannel) throws -> Directory { try folder().makeDirectory(channel.rawValue, mode: 0o700) }

    /// A channel that must be there: nothing is made for one that was misspelt or never set up.
    func repository(_ channel: TUFChannel, _ secret: TUFSecretOptions) throws -> ChannelRepository {
        guard let directory = try existingFolder(of: channel) else {
            throw TUFError(
                .channelMissing,
                "there is no channel \(channel.rawValue) in \(root.datadir)/tuf; run otaserve tuf init or otaserve tuf import-fleet")
        }
        return ChannelRepository(directory: directory, secret: try secret.secret(in: folder()))
    }

    /// Nil when there is none.
    func existingFolder(of channel: TUFChannel) throws -> Directory? {
        do {
            return try root.dataDirectory().directory("tuf/\(channel.rawValue)")
        } catch let error as FileTreeError where error.code == .notFound {
            return nil
        }
    }
}

/// A channel on the command line.
enum TUFChannel: String, ExpressibleByArgument, CaseIterable {
    case ci
    case prod
}
