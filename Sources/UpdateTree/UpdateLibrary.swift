import FileTree
import TUF

/// Everything below the data directory that updates are about: the tree, the shared content, what checks found, and
/// whom each channel trusts.
public struct UpdateLibrary: Sendable {
    public let data: Directory
    public let catalogue: UpdateCatalogue
    public let store: ContentStore
    public let verdicts: VerdictRecords
    /// `tuf/ci` and `tuf/prod`: roots and keys.
    private let ciKeys: Directory
    private let prodKeys: Directory

    /// Opens the rooms below the data directory, making those that are absent.
    public static func open(dataDirectory: Directory) throws(UpdateTreeError) -> UpdateLibrary {
        let catalogue = try UpdateCatalogue.open(dataDirectory: dataDirectory)
        let store = try ContentStore.open(dataDirectory: dataDirectory)
        let (ci, prod) = try storage { () throws(FileTreeError) in
            let tuf = try dataDirectory.makeDirectory("tuf", mode: 0o700)
            return (try tuf.makeDirectory(Channel.ci.rawValue, mode: 0o700), try tuf.makeDirectory(Channel.prod.rawValue, mode: 0o700))
        }
        return UpdateLibrary(
            data: dataDirectory, catalogue: catalogue, store: store,
            verdicts: try VerdictRecords.open(dataDirectory: dataDirectory, catalogue: catalogue),
            ciKeys: ci, prodKeys: prod)
    }

    /// Whom the channel trusts.
    public func trust(of channel: Channel) -> ChannelTrust { ChannelTrust(directory: tufDirectory(of: channel)) }

    /// The signing side of a channel; without a secret it can tell but not sign.
    public func repository(of channel: Channel, secret: KeySecret?) -> ChannelRepository {
        ChannelRepository(directory: tufDirectory(of: channel), secret: secret)
    }

    private func tufDirectory(of channel: Channel) -> Directory {
        switch channel {
        case .ci: ciKeys
        case .prod: prodKeys
        }
    }
}
