/// What is to be done to the files of one place.
public enum ConfigurationChange: Sendable {
    case set(ConfigurationFileName, ConfigurationFile)
    /// Sets some files and leaves the others: what a device does with its own.
    case merge([ConfigurationFileName: ConfigurationFile])
    case replaceAll(ConfigurationFiles)
    case remove(ConfigurationFileName)

    /// The files after the change.
    public func applied(to current: ConfigurationFiles) throws(FleetError) -> ConfigurationFiles {
        var files = current.files
        switch self {
        case .set(let name, let file): files[name] = file
        case .merge(let new): files.merge(new) { $1 }
        case .replaceAll(let all): return all
        case .remove(let name):
            guard files.removeValue(forKey: name) != nil else { throw Self.unknown(name) }
        }
        return try ConfigurationFiles(files)
    }

    public static func unknown(_ name: ConfigurationFileName) -> FleetError {
        FleetError(.configurationUnknown, "no file \(name) is set here; see the list of files of this place")
    }
}
