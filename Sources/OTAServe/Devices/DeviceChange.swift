import ArgumentParser
import DeviceAuth
import NIOHTTP1

/// A command that changes one device: in effect when it returns, with and without a running server.
protocol DeviceChange: AsyncParsableCommand {
    var devices: DevicesCommand { get }
    var uuid: String { get }

    /// The request of the admin API, with what follows `/v1/devices/<uuid>`.
    static var request: (method: HTTPMethod, suffix: String) { get }
    /// The same without a server.
    static func apply(to id: DeviceID, in assembly: Assembly) async throws
    /// What to print when it is done.
    static func report(_ id: DeviceID) -> String
}

extension DeviceChange {
    func run() async throws {
        let id = try DeviceID(uuid)
        if let server = RunningServer(datadir: devices.root.datadir) {
            try await server.send(Self.request.method, "/v1/devices/\(id)\(Self.request.suffix)")
        } else {
            try await Self.apply(to: id, in: Assembly.open(datadir: devices.root.datadir, registration: .open))
        }
        print(Self.report(id))
    }
}

struct DenyCommand: DeviceChange {
    static let configuration = CommandConfiguration(
        commandName: "deny", abstract: "Refuse a device with 403 on every route, from its next request on.")
    static let request = (method: HTTPMethod.PUT, suffix: "/deny")

    @ParentCommand var devices: DevicesCommand
    @Argument(help: "The device's uuid.") var uuid: String

    static func apply(to id: DeviceID, in assembly: Assembly) async throws { try await assembly.registry.deny(id) }
    static func report(_ id: DeviceID) -> String { "denied \(id)" }
}

struct UndenyCommand: DeviceChange {
    static let configuration = CommandConfiguration(commandName: "undeny", abstract: "Lift a denial or a deletion.")
    static let request = (method: HTTPMethod.PUT, suffix: "/undeny")

    @ParentCommand var devices: DevicesCommand
    @Argument(help: "The device's uuid.") var uuid: String

    static func apply(to id: DeviceID, in assembly: Assembly) async throws { try await assembly.registry.undeny(id) }
    static func report(_ id: DeviceID) -> String { "undenied \(id)" }
}

struct AllowKeyCommand: DeviceChange {
    static let configuration = CommandConfiguration(
        commandName: "allow-key", abstract: "Let the device's next new key be pinned in place of the old one.")
    static let request = (method: HTTPMethod.PUT, suffix: "/allow-key")

    @ParentCommand var devices: DevicesCommand
    @Argument(help: "The device's uuid.") var uuid: String

    static func apply(to id: DeviceID, in assembly: Assembly) async throws { try await assembly.registry.allowKey(id) }
    static func report(_ id: DeviceID) -> String { "the next new key of \(id) will be pinned" }
}

struct DeleteDeviceCommand: DeviceChange {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Forget a device and its files; it stays refused until undenied.")
    static let request = (method: HTTPMethod.DELETE, suffix: "")

    @ParentCommand var devices: DevicesCommand
    @Argument(help: "The device's uuid.") var uuid: String

    static func apply(to id: DeviceID, in assembly: Assembly) async throws {
        try await assembly.registry.delete(id)
        try await assembly.reports.removeAll(of: id)
        try await assembly.configurations.forget(id)
        try await assembly.snaps.forget(id)
    }
    static func report(_ id: DeviceID) -> String { "deleted \(id)" }
}
