import ArgumentParser
import DeviceAuth
import Foundation

/// `otaserve pki install`: the answers to the requests, checked and put in their places.
struct PKIInstallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "install",
        abstract: "Install certificates that were signed elsewhere, and write cas.pem.",
        discussion: "Certificates that are not given stay as they are, so one can be renewed alone."
    )

    @ParentCommand var pki: PKICommand

    @Option(help: ArgumentHelp("The root's certificate.", valueName: "file"))
    var rootCert: String?

    @Option(
        help: ArgumentHelp("The server's certificate, with those between it and the root behind it.", valueName: "file")
    )
    var tlsCert: String?

    @Option(help: ArgumentHelp("The device authority's certificate.", valueName: "file"))
    var deviceCaCert: String?

    func validate() throws {
        guard rootCert != nil || tlsCert != nil || deviceCaCert != nil else {
            throw ValidationError("Nothing to install: give --root-cert, --tls-cert or --device-ca-cert.")
        }
    }

    func run() async throws {
        let certificates = pki.certificates
        try certificates.install(
            root: rootCert.map(PKIFile.content), server: tlsCert.map(PKIFile.content),
            deviceAuthority: deviceCaCert.map(PKIFile.content), now: .now)
        await pki.root.notifyRunningServer()
        print("Installed in \(certificates.path).")
    }
}
