import ArgumentParser

struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Configuration files that devices get: for the fleet, a group or a device.",
        discussion: "Of two files with the same name a device gets its own, or else its group's; z-50-fioctl.toml is merged by key.",
        subcommands: [
            ShowConfiguration.self, SetConfiguration.self, DeleteConfiguration.self, ShowConfigurationHistory.self,
            RollBackConfiguration.self, ShowEffectiveConfiguration.self,
        ])

    /// What a change made.
    static func print(_ version: JSON, as json: Bool) throws {
        if json { return try StandardOutput.json(version) }
        let count = version["files"].array.count
        try StandardOutput.line("version \(version["version"].cell), \(count) \(count == 1 ? "file" : "files")")
    }

    /// A value as a table shows it: never the value of a file that may be a secret.
    static func size(of file: JSON) -> String {
        file["size"].integer.map { String($0) } ?? String(file["value"].string?.utf8.count ?? 0)
    }
}
