import ArgumentParser

struct SetDeviceModel: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "set-model", abstract: "Say which model a device is, or let count again what it says itself.")

    @OptionGroup var connection: ConnectionOptions
    @Argument(help: "The device's uuid.") var uuid: String
    @Argument(help: "The model's name.") var model: String?
    @Flag(help: "What the device says counts again.") var none = false

    func validate() throws {
        if (model == nil) != none { throw ValidationError("Give a model, or --none.") }
    }

    func run(_ client: AdminClient) async throws {
        let path = DevicesCommand.path(uuid, "model")
        guard let model else {
            _ = try await client.call(.DELETE, path)
            if isJSON { return try StandardOutput.json(["uuid": .text(uuid), "model": .null]) }
            return try StandardOutput.line("\(Plain.line(uuid)) is of the model that it says")
        }
        let device = try await client.call(.PUT, path, body: ["model": .text(model)])
        if isJSON {
            try StandardOutput.json(device)
        } else {
            try StandardOutput.line("\(Plain.line(uuid)) is of the model \(Plain.line(model))")
        }
    }
}
