import ArgumentParser
import DeviceAuth
import Foundation
import Messaging
import Persistence

/// `otaserve mqtt broker-config`: a folder with all that a mosquitto needs, and the server's own certificate for it.
struct MQTTBrokerConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "broker-config",
        abstract: "Write mosquitto's configuration, access list and certificates, and the server's certificate for the broker.",
        discussion: """
            Writes mosquitto.conf, acl, cas.pem, crl.pem (when something is revoked), broker.crt, broker.key, server.pem and \
            server.key. The serials of devices that are registered for enrolment are in acl. Run it again after a revocation, and \
            when devices were registered. Certificates that were made for the broker before are kept; a file \
            whose content differs is overwritten only with --force.
            """
    )

    @ParentCommand var mqtt: MQTTCommand

    @Option(name: .shortAndLong, help: ArgumentHelp("The folder for the files; made when it is missing.", valueName: "folder"))
    var out: String

    @Option(help: "The port that the broker listens on.")
    var port = 8883

    @Option(help: ArgumentHelp("The address that the broker listens on (default: every one).", valueName: "address"))
    var listen: String?

    @Option(help: ArgumentHelp("Where the broker keeps its sessions.", valueName: "folder"))
    var persistence = "/var/lib/mosquitto"

    @Option(
        name: .customLong("dnsname"), parsing: .upToNextOption,
        help: "Names of the broker's own certificate (default: the server's certificate is used, tls.crt).")
    var dnsNames: [String] = []

    @Option(
        help: ArgumentHelp(
            "Lines of a device's identity and its serial, for agents whose serial is not their identity.", valueName: "file"))
    var serials: String?

    @Flag(help: "Overwrite files whose content differs.")
    var force = false

    func validate() throws {
        guard (1...65535).contains(port) else { throw ValidationError("--port must be between 1 and 65535.") }
        for path in [out, persistence] where path.contains(where: \.isNewline) || path.isEmpty {
            throw ValidationError("A folder has a name without line breaks.")
        }
        if let listen, (try? ServerName(listen)) == nil { throw ValidationError("--listen must be an address or a name of this machine.") }
    }

    func run() async throws {
        let folder = URL(fileURLWithPath: out).standardizedFileURL.path
        let certificates = mqtt.root.datadir + "/certs"
        let list = try RevocationFiles.joined(in: certificates)
        let access = try await accessList()
        let configuration = BrokerConfiguration(
            folder: folder, address: listen, port: port,
            persistence: URL(fileURLWithPath: persistence).standardizedFileURL.path, hasRevocationList: list != nil)
        var plan = BrokerFolder(path: folder)
        plan.files = [
            .init(name: "mosquitto.conf", content: Array(configuration.text.utf8)), .init(name: "acl", content: Array(access.text.utf8)),
            .init(name: "cas.pem", content: try PKIFile.content("\(certificates)/cas.pem")),
        ]
        if let list { plan.files.append(.init(name: "crl.pem", content: list)) }
        let directory = CertificateDirectory(certificates)
        if dnsNames.isEmpty {
            plan.files.append(.init(name: "broker.crt", content: try PKIFile.content("\(certificates)/tls.crt")))
            plan.files.append(.init(name: "broker.key", content: try PKIFile.content("\(certificates)/tls.key"), isSecret: true))
        } else {
            let names = try dnsNames.map { try ServerName($0) }
            plan.pairs.append(.init(certificate: "broker.crt", key: "broker.key") { try directory.issueBroker(names, now: .now) })
        }
        plan.pairs.append(.init(certificate: "server.pem", key: "server.key") { try directory.issueBrokerClient(now: .now) })
        let written = try plan.write(force: force)
        print(written.isEmpty ? "\(folder) is as it should be." : "Wrote \(written.joined(separator: ", ")) to \(folder).")
        print("The broker's user must be able to read the folder, but for server.key, which is the server's.")
        print("In config.yaml of the server:")
        print("  mqtt-broker: HOST:\(port)")
        for (key, file) in [
            ("ca", "\(mqtt.root.datadir)/certs/root.crt"), ("certificate", "\(folder)/server.pem"), ("key", "\(folder)/server.key"),
        ] {
            print("  mqtt-\(key): \(URL(fileURLWithPath: file).standardizedFileURL.path)")
        }
    }

    /// With lines of the devices that the installation knows, also while its server runs.
    private func accessList() async throws -> BrokerAccessList {
        var access = try BrokerAccessList(serials: serials.map { String(decoding: try PKIFile.content($0), as: UTF8.self) } ?? "")
        let datadir = mqtt.root.datadir
        guard FileManager.default.fileExists(atPath: "\(datadir)/db.sqlite") else { return access }
        let database = try Database.openForReading(dataDirectory: datadir)
        let enrolled = try await EnrolledSerials.read(SQLiteEnrolments(database))
        access.add(enrolled: enrolled, devices: try SQLiteDevices(database).loadAll().map(\.state.id).sorted())
        if !access.passedOver.isEmpty {
            let names = access.passedOver.prefix(10).map(\.text).joined(separator: ", ")
            StandardError.print(
                "otaserve: warning: \(access.passedOver.count) devices get no required installs over MQTT, their serials are those of others: \(names)"
            )
        }
        return access
    }
}
