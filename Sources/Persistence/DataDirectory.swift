import FileTree

/// The directory that holds everything of a server, and the right to be the one process that writes to it.
public struct DataDirectory: Sendable {
    public let root: Directory
    private let lock: Descriptor

    static let lockName = "otaserve.lock"

    /// Opens the directory and takes it for this process until the value is released.
    public static func claim(path: String) throws -> DataDirectory {
        let root = try open(path)
        return DataDirectory(root: root, lock: try take(root))
    }

    private static func open(_ path: String) throws -> Directory {
        do {
            return try Directory(path: path)
        } catch {
            throw PersistenceError(.dataDirectoryMissing, "\(error.message); name an existing directory with --datadir")
        }
    }

    private static func take(_ root: Directory) throws -> Descriptor {
        do {
            return try root.lock(lockName)
        } catch {
            guard error.code == .inUse else { throw error }
            throw PersistenceError(
                .dataDirectoryInUse, "another otaserve works on \(root.path); stop it, or ask it through its admin API")
        }
    }
}
