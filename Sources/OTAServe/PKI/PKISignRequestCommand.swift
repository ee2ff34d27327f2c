import ArgumentParser
import DeviceAuth
import Foundation

/// `otaserve pki sign-csr`: run where the root is kept; needs no data directory.
struct PKISignRequestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign-csr",
        abstract: "Sign a request of 'pki create-csr' with a root.",
        discussion: "The request must be for a server or for a device authority; nothing else is signed."
    )

    @Option(help: ArgumentHelp("The request.", valueName: "file"))
    var csr: String

    @Option(help: ArgumentHelp("The root's certificate.", valueName: "file"))
    var caCert: String

    @Option(help: ArgumentHelp("The root's private key.", valueName: "file"))
    var caKey: String

    @Option(help: ArgumentHelp("Where the certificate goes; the file must not exist.", valueName: "file"))
    var out: String

    func run() throws {
        let signed = try SignedRequest(
            request: PKIFile.content(csr), authority: PKIFile.content(caCert), key: PKIFile.content(caKey), now: .now)
        try signed.write(to: out)
        print(
            "Wrote \(out): \(signed.profile.rawValue), \(signed.subject), serial \(signed.serial), until \(PKIFile.time(signed.notAfter))."
        )
    }
}
