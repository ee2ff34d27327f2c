import ArgumentParser
import Foundation

/// Whose certificates the connections present.
struct IdentityOptions: ParsableArguments {
    @Option(help: ArgumentHelp("PEM file of the client's certificate.", valueName: "file"))
    var certificate: String?

    @Option(help: ArgumentHelp("PEM file of the client's key.", valueName: "file"))
    var key: String?

    @Option(
        help: ArgumentHelp(
            "Folder whose subfolders hold client.pem and pkey.pem of one device each; connections take them in turn.",
            valueName: "folder"
        )
    )
    var identities: String?

    func validate() throws {
        guard (certificate == nil) == (key == nil) else { throw ValidationError("--certificate and --key belong together.") }
        guard (certificate == nil) != (identities == nil) else {
            throw ValidationError("Give either --certificate and --key, or --identities.")
        }
    }

    func load() throws -> [ClientIdentity] {
        if let certificate, let key { return [try ClientIdentity(certificateFile: certificate, keyFile: key)] }
        let folder = URL(fileURLWithPath: identities ?? ".", isDirectory: true)
        let found = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().compactMap { name -> ClientIdentity? in
            let device = folder.appendingPathComponent(name)
            let certificate = device.appendingPathComponent("client.pem").path
            guard FileManager.default.fileExists(atPath: certificate) else { return nil }
            return try ClientIdentity(certificateFile: certificate, keyFile: device.appendingPathComponent("pkey.pem").path)
        }
        guard !found.isEmpty else {
            throw LoadError(code: .badInput, message: "no subfolder of the --identities folder holds client.pem and pkey.pem")
        }
        return found
    }
}
