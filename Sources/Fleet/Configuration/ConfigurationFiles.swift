/// The files that are set at one place.
public struct ConfigurationFiles: Equatable, Sendable {
    public private(set) var files: [ConfigurationFileName: ConfigurationFile]

    /// Files at one place.
    public static let most = 64
    /// Bytes of a file that is merged by key.
    public static let largestMerged = 64 << 10
    /// Bytes of all values at one place.
    public static let largest = 512 << 10

    public init() { files = [:] }

    /// Throws when there are too many, when they are too large together, or when the file whose keys are merged cannot be
    /// read: better the operator hears of it than every device.
    public init(_ files: [ConfigurationFileName: ConfigurationFile]) throws(FleetError) {
        guard files.count <= Self.most else {
            throw FleetError(.configurationInvalid, "one place may have \(Self.most) configuration files; remove some")
        }
        guard files.values.reduce(0, { $0 + $1.value.utf8.count }) <= Self.largest else {
            throw FleetError(
                .configurationInvalid, "the configuration files of one place may have \(Self.largest) bytes; make them smaller")
        }
        for (name, file) in files where name.isMergedByKey {
            guard file.isUnencrypted else {
                throw FleetError(.configurationInvalid, "\(name) is merged by key, so it cannot be encrypted; set unencrypted to true")
            }
            guard file.value.utf8.count <= Self.largestMerged else {
                throw FleetError(.configurationInvalid, "\(name) may have \(Self.largestMerged) bytes; make it smaller")
            }
            do throws(TOMLError) {
                _ = try TOMLDocument(file.value)
            } catch {
                throw FleetError(.configurationInvalid, "\(name), line \(error.line): \(error.reason)")
            }
        }
        self.files = files
    }

    public subscript(name: ConfigurationFileName) -> ConfigurationFile? { files[name] }
    public var isEmpty: Bool { files.isEmpty }
    public var names: [ConfigurationFileName] { files.keys.sorted() }
}
