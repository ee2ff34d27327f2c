import ArgumentParser

struct DevicesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "devices", abstract: "Devices: look at them, refuse them, register them.",
        subcommands: [
            ListDevices.self, CountDevices.self, ShowDevice.self, ShowDeviceFile.self, DenyDevice.self, UndenyDevice.self,
            DeleteDevice.self,
            AllowDeviceKey.self, PreregisterDevices.self,
            RenameDevice.self, GroupDevices.self, LabelDevices.self, ListGroups.self, ShowUpdates.self,
            TailDevice.self, ExplainDevice.self, DeviceSnapsCommand.self, SetDeviceModel.self,
        ],
        defaultSubcommand: ListDevices.self)

    static func path(_ uuid: String, _ more: String...) -> String {
        "/v1/devices/" + ([escaped(uuid)] + more.map(ServerAddress.encode)).joined(separator: "/")
    }

    /// A device that is called like a word of the API is looked at by an escaped letter.
    private static func escaped(_ uuid: String) -> String {
        switch uuid {
        case "count": "%63ount"
        case "export": "%65xport"
        default: ServerAddress.encode(uuid)
        }
    }
}
