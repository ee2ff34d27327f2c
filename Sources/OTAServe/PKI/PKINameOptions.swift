import ArgumentParser
import DeviceAuth

/// The names in the server's certificates.
struct PKINameOptions: ParsableArguments {
    @Option(
        name: .customLong("dnsname"), parsing: .upToNextOption,
        help: "A DNS name or IP address under which devices reach this server; several are possible.")
    var dnsNames: [String]

    @Option(help: "The name of the factory: the organizational unit of all certificates.")
    var factory: String

    func factoryName() throws(DeviceAuthError) -> FactoryName {
        try FactoryName(factory)
    }

    func serverNames() throws(DeviceAuthError) -> [ServerName] {
        var names: [ServerName] = []
        for name in dnsNames { names.append(try ServerName(name)) }
        return names
    }
}
