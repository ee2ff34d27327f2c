import ArgumentParser
import FileTree
import Foundation
import TUF

/// Where the passphrase of private keys comes from.
struct TUFSecretOptions: ParsableArguments {
    @Option(help: ArgumentHelp("A file with the passphrase (or OTASERVE_TUF_PASSPHRASE).", valueName: "file"))
    var passphraseFile: String?

    /// Nil when none was given.
    func passphrase() throws -> SecretBytes? {
        if let passphraseFile { return try KeySecret.trimmed(TUFFile.content(passphraseFile)) }
        guard let text = ProcessInfo.processInfo.environment["OTASERVE_TUF_PASSPHRASE"], !text.isEmpty else { return nil }
        return try KeySecret.trimmed(text.utf8)
    }

    /// What opens the keys here; nil when there is neither a passphrase nor a key file.
    func secret(in folder: Directory) throws -> KeySecret? {
        guard let passphrase = try passphrase() else { return try KeySecret.file(in: folder) }
        return KeySecret.passphrase(passphrase)
    }

    /// The same for new keys: without a passphrase a key file is made.
    func secretForNewKeys(in folder: Directory) throws -> KeySecret {
        guard let passphrase = try passphrase() else { return try KeySecret.makeFile(in: folder) }
        return KeySecret.passphrase(passphrase)
    }
}
