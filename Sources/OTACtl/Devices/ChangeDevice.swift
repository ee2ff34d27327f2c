import ArgumentParser

struct DenyDevice: ClientCommand {
    static let configuration = CommandConfiguration(commandName: "deny", abstract: "Serve devices no longer.")

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var devices: BulkOptions

    func run(_ client: AdminClient) async throws {
        guard let uuid = devices.single else { return try await BulkRun(options: devices, isJSON: isJSON, action: "deny").run(client) }
        let device = try await client.call(.PUT, DevicesCommand.path(uuid, "deny"))
        if isJSON { try StandardOutput.json(device) } else { try StandardOutput.line("denied \(Plain.line(uuid))") }
    }
}

struct UndenyDevice: ClientCommand {
    static let configuration = CommandConfiguration(commandName: "undeny", abstract: "Lift a denial or a deletion.")

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var devices: BulkOptions

    func run(_ client: AdminClient) async throws {
        guard let uuid = devices.single else { return try await BulkRun(options: devices, isJSON: isJSON, action: "undeny").run(client) }
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
        commandName: "delete", abstract: "Forget devices and remove their files.",
        discussion: "Its certificate does not bring a device back; otactl devices undeny lets it register again.")

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var devices: BulkOptions

    func run(_ client: AdminClient) async throws {
        guard let uuid = devices.single else { return try await BulkRun(options: devices, isJSON: isJSON, action: "delete").run(client) }
        _ = try await client.call(.DELETE, DevicesCommand.path(uuid))
        if isJSON { try StandardOutput.json(["deleted": .text(uuid)]) } else { try StandardOutput.line("deleted \(Plain.line(uuid))") }
    }
}
