import ArgumentParser
import DeviceAuth
import Foundation
import UpdateTree

/// `otaserve devices preregister`: makes devices known before their first contact.
struct PreregisterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preregister", abstract: "Register devices before their first contact; known ones stay as they are.")

    @ParentCommand var devices: DevicesCommand
    @Argument(help: "Uuids.") var uuids: [String] = []
    @Option(help: "A file with one uuid per line; - is standard input.") var file: String?
    @Flag(help: "They are production devices.") var production = false
    @Option(help: "Their tag, until they send one.") var tag: String?

    private struct Body: Encodable {
        let devices: [DeviceID]
        let isProd: Bool
        let tag: Tag?
    }

    func run() async throws {
        let ids = try (uuids + lines()).map { try DeviceID($0) }
        guard !ids.isEmpty else { throw ValidationError("Name at least one uuid, or a --file of them.") }
        let tag = try tag.map { try Tag($0) }
        if let server = RunningServer(datadir: devices.root.datadir) {
            let body = try JSONEncoder().encode(Body(devices: ids, isProd: production, tag: tag))
            try await server.send(.POST, "/v1/devices/preregister", body: body)
        } else {
            let assembly = try await Assembly.open(datadir: devices.root.datadir, registration: .open)
            try await assembly.registry.preregister(ids, channel: Channel(isProduction: production), tag: tag)
        }
        print("registered \(ids.count) devices")
    }

    private func lines() throws -> [String] {
        guard let file else { return [] }
        let data: Data?
        if file == "-" { data = try FileHandle.standardInput.readToEnd() } else { data = FileManager.default.contents(atPath: file) }
        guard let data else { throw ValidationError("\(file) cannot be read.") }
        return String(decoding: data, as: UTF8.self).split(whereSeparator: \.isWhitespace).map(String.init)
    }
}
