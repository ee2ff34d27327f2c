/// How far an archive was read.
public struct UnpackProgress: Equatable, Sendable {
    /// Bytes of the archive as it is sent.
    public let compressedBytes: Int64
    /// Bytes of the archive as it expands, with its headers.
    public let expandedBytes: Int64
    public let entries: Int64
}
