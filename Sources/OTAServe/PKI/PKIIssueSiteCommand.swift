import ArgumentParser
import DeviceAuth
import Foundation

/// `otaserve pki issue-site`: a key and a certificate for another installation that reads updates here.
struct PKIIssueSiteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "issue-site",
        abstract: "Create a site's key and certificate: client.pem, pkey.pem and root.crt.",
        discussion: """
            With them another OTAServe reads the updates that --allow names, and nothing else. 'pki revoke' ends that at any \
            time. The key is written to the folder and kept nowhere else.
            """
    )

    @ParentCommand var pki: PKICommand

    @Argument(help: "The name of the site: 1 to 48 letters, digits, '.', '_' or '-'.")
    var name: String

    @Option(
        help: ArgumentHelp(
            "What the site may read: ci/TAG or prod/TAG, '*' as the tag for every tag; up to 64 times.",
            valueName: "channel/tag"))
    var allow: [String]

    @Option(
        help: ArgumentHelp(
            "How many days the certificate lasts (default: 730, and never longer than the device authority).",
            valueName: "days"))
    var days: Int?

    @Option(name: .shortAndLong, help: ArgumentHelp("The folder for the files; none of them may exist in it.", valueName: "folder"))
    var out: String

    func validate() throws {
        // A hundred years; a larger number could not be counted in seconds.
        if let days, !(1...36_525).contains(days) { throw ValidationError("--days must be between 1 and 36525.") }
    }

    func run() throws {
        var grants: [SiteGrant] = []
        for text in allow { grants.append(try SiteGrant(text)) }
        let credentials = try pki.certificates.issueSite(
            SiteName(name), grants: grants, lifetime: days.map { .seconds($0 * 86_400) }, now: .now)
        try credentials.write(to: out)
        print(
            "Wrote \(SiteCredentials.fileNames.joined(separator: ", ")) to \(out): site \(credentials.name), "
                + "may read \(credentials.grants.map(\.description).joined(separator: " ")), "
                + "factory \(credentials.factory ?? "-"), serial \(credentials.serial), "
                + "until \(PKIFile.time(credentials.notAfter)).")
    }
}
