import ArgumentParser
import DeviceAuth

/// `otaserve pki …`: the certificates of the server, of the devices and of the sites.
struct PKICommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pki",
        abstract: "Create and look after certificates.",
        discussion: """
            The certificates are in the folder certs below the data directory. 'pki init' makes them all, with the root's key \
            beside them. To keep the root elsewhere: 'pki create-csr' here, 'pki sign-csr' there, 'pki install' here.
            """,
        subcommands: [
            PKIInitCommand.self, PKICreateRequestCommand.self, PKISignRequestCommand.self, PKIInstallCommand.self,
            PKIIssueDeviceCommand.self, PKIIssueSiteCommand.self, PKIRevokeCommand.self, PKIRefreshCommand.self,
            PKIShowCommand.self,
        ]
    )

    @ParentCommand var root: OTAServe

    var certificates: CertificateDirectory {
        CertificateDirectory(root.datadir + "/certs")
    }
}
