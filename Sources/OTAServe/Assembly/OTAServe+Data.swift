import FileTree
import Foundation
import Persistence
import UpdateTree

/// What commands that work on the data directory without a server need of it.
extension OTAServe {
    func dataDirectory() throws -> Directory {
        do {
            return try Directory(path: datadir)
        } catch {
            throw PersistenceError(.dataDirectoryMissing, "\(error.message); name an existing directory with --datadir")
        }
    }

    func library() throws -> UpdateLibrary { try UpdateLibrary.open(dataDirectory: dataDirectory()) }

    /// Says so in every list when the server takes updates as they lie there.
    func warnAboutServingUnverified() throws {
        let configuration = try Configuration.load(datadir: datadir, environment: ProcessInfo.processInfo.environment)
        guard configuration.serve == .any else { return }
        StandardError.print("otaserve: warning: serve: any; updates are served although they were not checked")
    }
}
