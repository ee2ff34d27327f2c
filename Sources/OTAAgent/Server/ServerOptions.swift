import ArgumentParser
import Foundation
import SoftwareAgent

/// Where the server is, and who the device is.
struct ServerOptions: ParsableArguments {
    @Option(help: "The device gateway, such as https://updates.example.com:8443; otherwise as sota.toml has it.") var server: String?
    @Option(help: "File with the authority that the server's certificate is checked against.") var ca: String?
    @Option(help: "File with the device's certificate.") var certificate: String?
    @Option(help: "File with the device's private key.") var key: String?
    @Option(help: "Where the updater keeps sota.toml and the device's certificate.") var sotaDir = "/var/sota"

    /// What is given here, the rest from sota.toml; of the files the names that registration gives them.
    func settings() throws(SoftwareAgentError) -> ServerSettings {
        let sota = SotaFile(directory: sotaDir)
        guard let address = server ?? sota["tls", "server"] else {
            throw SoftwareAgentError(
                .settingsInvalid, "no server: give --server, or --sota-dir with a sota.toml that has server under [tls]")
        }
        guard let url = URL(string: address), url.scheme == "https", url.host != nil else {
            throw SoftwareAgentError(.settingsInvalid, "\(address.debugDescription) is no https address; write https://host:port")
        }
        return ServerSettings(
            address: address.hasSuffix("/") ? String(address.dropLast()) : address,
            authorities: ca ?? sota["import", "tls_cacert_path"] ?? "\(sotaDir)/root.crt",
            certificate: certificate ?? sota["import", "tls_clientcert_path"] ?? "\(sotaDir)/client.pem",
            key: key ?? sota["import", "tls_pkey_path"] ?? "\(sotaDir)/pkey.pem")
    }
}
