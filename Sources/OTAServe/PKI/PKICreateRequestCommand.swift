import ArgumentParser
import DeviceAuth

/// `otaserve pki create-csr`: keys here, certificates from a root elsewhere.
struct PKICreateRequestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create-csr",
        abstract: "Create keys and certificate requests for a root that is kept elsewhere.",
        discussion: """
            Makes tls.key, tls.csr, device-ca.key and device-ca.csr. Keys that are there already are kept and get new \
            requests: this is also how certificates are renewed.
            """
    )

    @ParentCommand var pki: PKICommand
    @OptionGroup var names: PKINameOptions

    func run() throws {
        let certificates = pki.certificates
        let files = try certificates.createRequests(factory: names.factoryName(), serverNames: names.serverNames())
        for file in files { print("Wrote \(certificates.path)/\(file).") }
        print(
            "Sign tls.csr and device-ca.csr with 'pki sign-csr' where the root is, and bring the answers here with 'pki install'."
        )
    }
}
