/// What the files of one place were from one change to the next.
public struct ConfigurationVersion: Equatable, Sendable {
    /// Counts from 1 at each place.
    public let number: Int
    /// Seconds since 1970.
    public let time: Int64
    /// Who made the change, such as `token:5f2a`, `local` or `device`.
    public let author: String
    public let reason: ConfigurationReason
    public let files: ConfigurationFiles

    /// Versions that a place keeps, the current one among them: a device may change its own files as often as it likes,
    /// and must not fill the disk with it. Behind them the oldest goes.
    public static let mostKept = 200

    public init(number: Int, time: Int64, author: String, reason: ConfigurationReason, files: ConfigurationFiles) {
        self.number = number
        self.time = time
        self.author = author
        self.reason = reason
        self.files = files
    }
}
