import ArgumentParser
import DeviceAuth
import Foundation

/// `otaserve pki refresh-crl`: keep the revocation list from ending.
struct PKIRefreshCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "refresh-crl",
        abstract: "Sign the revocation list anew so that it lasts another year.",
        discussion: "Once its list has ended, no device is let in. 'pki show' warns 30 days ahead."
    )

    @ParentCommand var pki: PKICommand

    func run() async throws {
        let outcome = try pki.certificates.refreshRevocationList(now: .now)
        await pki.root.notifyRunningServer()
        print("The list revokes \(outcome.revokedCount) and lasts until \(PKIFile.time(outcome.nextUpdate)).")
    }
}
