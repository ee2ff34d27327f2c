import DeviceAuth
import FileTree

/// What is to stand in a broker's folder, and how it gets there.
struct BrokerFolder {
    struct File {
        let name: String
        let content: [UInt8]
        var isSecret = false
    }

    /// A certificate with its key that is made once and then kept.
    struct Pair {
        let certificate: String
        let key: String
        let make: () throws -> BrokerCredentials
    }

    let path: String
    var files: [File] = []
    var pairs: [Pair] = []

    private static let largest = 64 << 20

    init(path: String) { self.path = path }

    /// Looks at everything first: what differs is refused before anything is written. Returns the names of what was written.
    func write(force: Bool) throws -> [String] {
        let folder = try Directory.make(path: path, mode: 0o750)
        var due: [File] = []
        for file in files {
            guard folder.status(file.name) != nil else {
                due.append(file)
                continue
            }
            guard try folder.contents(of: file.name, limit: Self.largest) != file.content else { continue }
            guard force else { throw BrokerFolderError(path: "\(path)/\(file.name)") }
            due.append(file)
        }
        for pair in pairs where folder.status(pair.certificate) == nil || folder.status(pair.key) == nil {
            let made = try pair.make()
            due.append(File(name: pair.key, content: Array(made.privateKeyPEM.utf8), isSecret: true))
            due.append(File(name: pair.certificate, content: Array(made.certificatePEM.utf8)))
        }
        for file in due { try folder.replace(file.name, with: file.content, mode: file.isSecret ? 0o600 : 0o644) }
        return due.map(\.name)
    }
}

/// A file of a broker's folder that somebody changed, or that would change.
struct BrokerFolderError: Error, CustomStringConvertible {
    let path: String

    var description: String {
        "broker-file-differs: \(path) has another content than it would get; look at what differs, and give --force to overwrite it"
    }
}
