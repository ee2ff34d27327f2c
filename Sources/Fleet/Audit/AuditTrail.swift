/// Where it is written down who did what.
public protocol AuditTrail: Sendable {
    /// Returns when the entry is on the disk.
    func record(_ entry: AuditEntry) async throws
    /// Lines as they stand in the log, from one number on: at most `most` of them and at most `bytes` bytes.
    func lines(from number: Int64, most: Int, bytes: Int) throws -> [AuditLine]
}

/// A line of the log, without the end of the line.
public struct AuditLine: Equatable, Sendable {
    /// Counts from 1 over all files.
    public let number: Int64
    public let text: String

    public init(number: Int64, text: String) {
        self.number = number
        self.text = text
    }
}
