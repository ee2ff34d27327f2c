/// A snap file that snapd is to install.
public struct SnapUpload: Equatable, Sendable {
    /// As snapd shows it, such as `hello_3.snap`.
    public let name: String
    /// In the directory of snap files.
    public let file: String

    public init(name: String, file: String) {
        self.name = name
        self.file = file
    }
}
