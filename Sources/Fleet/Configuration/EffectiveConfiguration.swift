/// The files that a device gets: those of the fleet, of its group and its own, merged.
///
/// By name the nearer place wins: device over group over fleet. `z-50-fioctl.toml` is merged by key instead, so that a
/// group can choose the apps and a device its tag; the nearest place that has it says which command runs.
public struct EffectiveConfiguration: Equatable, Sendable {
    public struct File: Equatable, Sendable {
        public let file: ConfigurationFile
        /// The places that it comes from, the farthest first; more than one for a file that was merged.
        public let places: [ConfigurationPlace]
    }

    public let files: [ConfigurationFileName: File]

    /// - Parameter levels: the farthest first.
    public init(_ levels: [(place: ConfigurationPlace, files: ConfigurationFiles)]) {
        var files: [ConfigurationFileName: File] = [:]
        for (place, level) in levels {
            for (name, file) in level.files {
                files[name] =
                    if name.isMergedByKey, let below = files[name], let merged = Self.merge(file, over: below.file) {
                        File(file: merged, places: below.places + [place])
                    } else {
                        File(file: file, places: [place])
                    }
            }
        }
        self.files = files
    }

    /// Nil when one of the two cannot be merged, or the result is longer than a file may be: then the nearer one counts.
    private static func merge(_ file: ConfigurationFile, over below: ConfigurationFile) -> ConfigurationFile? {
        guard let base = try? TOMLDocument(below.value), let top = try? TOMLDocument(file.value) else { return nil }
        return try? ConfigurationFile(value: base.merging(top).text, onChanged: file.onChanged, isUnencrypted: true)
    }

    public var names: [ConfigurationFileName] { files.keys.sorted() }
}
