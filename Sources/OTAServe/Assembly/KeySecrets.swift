import FileTree
import TUF

/// Where the secret comes from that the signing keys are sealed under: the environment, else the key file `tuf/key`.
enum KeySecrets {
    static let passphraseVariable = "OTASERVE_TUF_PASSPHRASE"

    /// Nil when there is neither: then nothing can be signed here.
    static func load(datadir: String, environment: [String: String]) throws -> KeySecret? {
        if let passphrase = environment[passphraseVariable], !passphrase.isEmpty { return try KeySecret.passphrase(passphrase.utf8) }
        do {
            return try KeySecret.file(in: Directory(path: "\(datadir)/tuf"))
        } catch let error as FileTreeError {
            guard error.code == .notFound else { throw error }
            return nil
        }
    }
}
