import ArgumentParser
import DeviceAuth
import Foundation

/// `otaserve pki init`: root, server certificate and device authority.
struct PKIInitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Create the root, the server's certificate and the device authority.",
        discussion: "Nothing is overwritten: the folder certs must be empty or missing."
    )

    @ParentCommand var pki: PKICommand
    @OptionGroup var names: PKINameOptions

    func run() throws {
        let certificates = pki.certificates
        try certificates.initialise(factory: names.factoryName(), serverNames: names.serverNames(), now: .now)
        print("Created \(certificates.path).")
        print("root.key signs nothing in daily use: move it to a safe place, and keep a copy.")
        print("Devices need root.crt; 'pki issue-device' gives it to them.")
    }
}
