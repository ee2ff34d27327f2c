import ArgumentParser
import DeviceAuth
import Foundation

/// `otaserve pki issue-device`: a key and a certificate for one device.
struct PKIIssueDeviceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "issue-device",
        abstract: "Create a device's key and certificate: client.pem, pkey.pem and root.crt.",
        discussion: "The key is written to the folder and kept nowhere else."
    )

    @ParentCommand var pki: PKICommand

    @Option(help: "The identity of the device: 1 to 48 letters, digits, '.', '_' or '-'.")
    var uuid: String

    @Flag(help: "Let the device receive production updates, and only those.")
    var production = false

    @Option(
        help: ArgumentHelp(
            "How many days the certificate lasts (default: as long as the device authority, ten years at most).",
            valueName: "days"))
    var days: Int?

    @Option(help: ArgumentHelp("The folder for the files; none of them may exist in it.", valueName: "folder"))
    var out: String

    func validate() throws {
        // A hundred years; a larger number could not be counted in seconds.
        if let days, !(1...36_525).contains(days) { throw ValidationError("--days must be between 1 and 36525.") }
    }

    func run() throws {
        let credentials = try pki.certificates.issueDevice(
            DeviceID(uuid), isProduction: production, lifetime: days.map { .seconds($0 * 86_400) }, now: .now)
        try credentials.write(to: out)
        print(
            "Wrote \(DeviceCredentials.fileNames.joined(separator: ", ")) to \(out): \(credentials.id), "
                + "\(credentials.isProduction ? "production" : "ci"), factory \(credentials.factory ?? "-"), "
                + "serial \(credentials.serial), until \(PKIFile.time(credentials.notAfter)).")
    }
}
