import ArgumentParser
import DeviceAuth
import Fleet
import Foundation

/// `otaserve registrations`: works through the running server when there is one, on the data directory otherwise.
struct RegistrationsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "registrations", abstract: "Devices that ask to be registered (registration: queue).",
        subcommands: [ListRegistrationsCommand.self, AcceptRegistrationsCommand.self, RejectRegistrationsCommand.self])

    @ParentCommand var root: OTAServe

    /// Sends the devices to the running server, or applies the change without one.
    fileprivate func decide(
        _ uuids: [String], _ word: String, _ apply: (DeviceRegistry, [DeviceID]) async throws -> Int
    ) async throws {
        let ids = try uuids.map { try DeviceID($0) }
        if let server = RunningServer(datadir: root.datadir) {
            try await server.send(.POST, "/v1/registrations/\(word)", body: try JSONEncoder().encode(["devices": ids]))
        } else {
            _ = try await apply(Assembly.open(datadir: root.datadir, registration: .queue).registry, ids)
        }
    }
}

struct ListRegistrationsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the devices that wait.")

    private struct Page: Decodable {
        struct Row: Decodable {
            let uuid: String
            let tag: String?
            let keyFingerprint: String
            let subject: String
        }

        let registrations: [Row]
        let nextCursor: String?
    }

    @ParentCommand var registrations: RegistrationsCommand
    @Flag(help: "Those that were rejected instead.") var rejected = false

    func run() async throws {
        let rows = try await read()
        OutputFormat.printTable(["UUID", "TAG", "KEY", "SUBJECT"], rows)
    }

    private func read() async throws -> [[String]] {
        let datadir = registrations.root.datadir
        guard let server = RunningServer(datadir: datadir) else {
            let queue = try await Assembly.open(datadir: datadir, registration: .queue).registry.queue
            return queue.page(rejected: rejected, after: nil, limit: .max).map { waiting in
                [waiting.id.text, waiting.tag?.text ?? "-", waiting.key.hex, waiting.subject]
            }
        }
        var rows: [[String]] = []
        var cursor: String?
        repeat {
            let query = "state=\(rejected ? "rejected" : "pending")&limit=1000" + (cursor.map { "&cursor=\($0)" } ?? "")
            let page = try JSONDecoder().decode(Page.self, from: await server.send(.GET, "/v1/registrations?\(query)"))
            rows += page.registrations.map { [$0.uuid, $0.tag ?? "-", $0.keyFingerprint, $0.subject] }
            cursor = page.nextCursor
        } while cursor != nil
        return rows
    }
}

struct AcceptRegistrationsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept", abstract: "Register devices that wait or were rejected, with the keys they came with.")

    @ParentCommand var registrations: RegistrationsCommand
    @Argument(help: "Uuids.") var uuids: [String]

    func run() async throws {
        try await registrations.decide(uuids, "accept") { try await $0.accept($1) }
        print("accepted \(uuids.joined(separator: " "))")
    }
}

struct RejectRegistrationsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "reject", abstract: "Turn devices away until they are accepted.")

    @ParentCommand var registrations: RegistrationsCommand
    @Argument(help: "Uuids.") var uuids: [String]

    func run() async throws {
        try await registrations.decide(uuids, "reject") { try await $0.reject($1) }
        print("rejected \(uuids.joined(separator: " "))")
    }
}
