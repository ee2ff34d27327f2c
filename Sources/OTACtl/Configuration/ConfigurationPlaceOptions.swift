import ArgumentParser

/// Where configuration files are set.
struct ConfigurationPlaceOptions: ParsableArguments {
    @Flag(help: "The files of the whole fleet.")
    var fleet = false

    @Option(help: ArgumentHelp("The files of a group.", valueName: "name"))
    var group: String?

    @Option(help: ArgumentHelp("The files of one device.", valueName: "uuid"))
    var device: String?

    func validate() throws {
        guard [fleet, group != nil, device != nil].count(where: { $0 }) == 1 else {
            throw ValidationError("Say whose files: --fleet, --group NAME or --device UUID.")
        }
    }

    func path(_ more: String...) -> String {
        let place =
            if let group {
                ["groups", group]
            } else if let device {
                ["devices", device]
            } else {
                ["fleet"]
            }
        return "/v1/config/" + (place + more).map(ServerAddress.encode).joined(separator: "/")
    }
}
