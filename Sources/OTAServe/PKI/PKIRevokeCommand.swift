import ArgumentParser
import DeviceAuth
import Foundation

/// `otaserve pki revoke`: shut a device or a site out.
struct PKIRevokeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Revoke a device's or a site's certificate.",
        discussion: "Adds it to crl/device-ca.pem. A running server reads the list at once."
    )

    @ParentCommand var pki: PKICommand

    @Option(help: ArgumentHelp("The certificate.", valueName: "file"))
    var certificate: String?

    @Option(help: ArgumentHelp("The certificate's serial number in hexadecimal.", valueName: "hex"))
    var serial: String?

    func validate() throws {
        guard (certificate == nil) != (serial == nil) else {
            throw ValidationError("Give either --certificate or --serial.")
        }
    }

    func run() async throws {
        let outcome = try pki.certificates.revoke(target(), now: .now)
        await pki.root.notifyRunningServer()
        let serial = outcome.serial?.hex ?? "-"
        print(outcome.wasAlreadyRevoked ? "\(serial) was revoked already." : "Revoked \(serial).")
        print("The list revokes \(outcome.revokedCount) and lasts until \(PKIFile.time(outcome.nextUpdate)).")
    }

    private func target() throws(DeviceAuthError) -> RevocationTarget {
        if let certificate { return .certificate(try PKIFile.content(certificate)) }
        return .serial(try CertificateSerial(hex: serial ?? ""))
    }
}
