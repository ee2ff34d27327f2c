import ArgumentParser

struct PreregisterDevices: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "preregister", abstract: "Register devices before their first contact.")

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var devices: DeviceListInput
    @Flag(help: "They are production devices.") var prod = false
    @Option(help: "Their tag, until they tell another one.") var tag: String?

    func run(_ client: AdminClient) async throws {
        let body: JSON = ["devices": try devices.read(), "isProd": .bool(prod), "tag": tag.map(JSON.text) ?? .null]
        let counts = try await client.call(.POST, "/v1/devices/preregister", body: body)
        if isJSON { return try StandardOutput.json(counts) }
        try StandardOutput.line("registered \(counts["registered"].cell), known before \(counts["known"].cell)")
    }
}
