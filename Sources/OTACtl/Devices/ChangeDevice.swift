import ArgumentParser

struct DenyDevice: ClientCommand {
    static let configuration = CommandConfiguration(commandName: "deny", abstract: "Serve a device no longer.")

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The device's uuid.") var uuid: String

    func run(_ client: AdminClient) async throws {
        let device = try await client.call(.PUT, DevicesCommand.path(uuid, "deny"))
        if isJSON { try StandardOutput.json(device) } else { try StandardOutput.line("denied \(Plain.line(uuid))") }
    }
}

struct UndenyDevice: ClientCommand {
    static let configuration = CommandConfiguration(commandName: "undeny", abstract: "Lift a denial or a deletion.")

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The device's uuid.") var uuid: String

    func run(_ client: AdminClient) async throws {
        let device = try await client.call(.PUT, DevicesCommand.path(uuid, "undeny"))
        if isJSON { try StandardOutput.json(device) } else { try StandardOutput.line("\(Plain.line(uuid)) is served again") }
    }
}

struct AllowDeviceKey: ClientCommand {
    static let configuration = CommandConfiguration(commandName: "allow-key", abstract: "Let a device come with a new key, once.")

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The device's uuid.") var uuid: String

    func run(_ client: AdminClient) async throws {
        let device = try await client.call(.PUT, DevicesCommand.path(uuid, "allow-key"))
        if isJSON { try StandardOutput.json(device) } else { try StandardOutput.line("\(Plain.line(uuid)) may come with a new key") }
    }
}

struct DeleteDevice: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Forget a device and remove its files.",
        discussion: "Its certificate does not bring it back; otactl devices undeny lets it register again.")

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The device's uuid.") var uuid: String

    func run(_ client: AdminClient) async throws {
        _ = try await client.call(.DELETE, DevicesCommand.path(uuid))
        if isJSON { try StandardOutput.json(["deleted": .text(uuid)]) } else { try StandardOutput.line("deleted \(Plain.line(uuid))") }
    }
}
