import ArgumentParser
import DeviceAuth
import Fleet
import Foundation
import UpdateTree

/// `otaserve devices`: works through the running server when there is one, on the data directory otherwise.
struct DevicesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "devices", abstract: "Deny, allow, delete and register devices.",
        subcommands: [
            DenyCommand.self, UndenyCommand.self, AllowKeyCommand.self, DeleteDeviceCommand.self, PreregisterCommand.self,
        ])

    @ParentCommand var root: OTAServe

    /// Asks the running server, or does it directly.
    func perform(
        on id: DeviceID, request: (RunningServer) async throws -> Void, directly: (Assembly) async throws -> Void
    ) async throws {
        if let server = RunningServer(datadir: root.datadir) {
            try await request(server)
        } else {
            try await directly(Assembly.open(datadir: root.datadir, registration: .open))
        }
    }
}

struct DenyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deny", abstract: "Refuse a device with 403 on every route, from its next request on.")

    @ParentCommand var devices: DevicesCommand
    @Argument(help: "The device's uuid.") var uuid: String

    func run() async throws {
        let id = try DeviceID(uuid)
        try await devices.perform(
            on: id, request: { try await $0.send(.PUT, "/v1/devices/\(id)/deny") }, directly: { try await $0.registry.deny(id) })
        print("denied \(id)")
    }
}

struct UndenyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "undeny", abstract: "Lift a denial or a deletion.")

    @ParentCommand var devices: DevicesCommand
    @Argument(help: "The device's uuid.") var uuid: String

    func run() async throws {
        let id = try DeviceID(uuid)
        try await devices.perform(
            on: id, request: { try await $0.send(.PUT, "/v1/devices/\(id)/undeny") },
            directly: { try await $0.registry.undeny(id) })
        print("undenied \(id)")
    }
}

struct AllowKeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "allow-key", abstract: "Let the device's next new key be pinned in place of the old one.")

    @ParentCommand var devices: DevicesCommand
    @Argument(help: "The device's uuid.") var uuid: String

    func run() async throws {
        let id = try DeviceID(uuid)
        try await devices.perform(
            on: id, request: { try await $0.send(.PUT, "/v1/devices/\(id)/allow-key") },
            directly: { try await $0.registry.allowKey(id) })
        print("the next new key of \(id) will be pinned")
    }
}

struct DeleteDeviceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Forget a device and its files; it stays refused until undenied.")

    @ParentCommand var devices: DevicesCommand
    @Argument(help: "The device's uuid.") var uuid: String

    func run() async throws {
        let id = try DeviceID(uuid)
        try await devices.perform(
            on: id, request: { try await $0.send(.DELETE, "/v1/devices/\(id)") },
            directly: { assembly in
                try await assembly.registry.delete(id)
                try await assembly.reports.removeAll(of: id)
            })
        print("deleted \(id)")
    }
}
