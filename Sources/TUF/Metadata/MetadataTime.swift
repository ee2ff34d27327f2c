import Foundation

/// A moment as metadata write it: `YYYY-MM-DDTHH:MM:SSZ`, the only form that every client reads.
public struct MetadataTime: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Seconds since 1970.
    public let seconds: Int64

    /// Moved into the years 1 to 9999 that the form can hold.
    public init(seconds: Int64) { self.seconds = min(max(seconds, -62_135_596_800), 253_402_300_799) }

    public init(parsing text: String) throws(TUFError) {
        let form = "0000-00-00T00:00:00Z".utf8
        let isFormed =
            text.utf8.count == form.count
            && zip(text.utf8, form).allSatisfy { byte, sample in
                sample == UInt8(ascii: "0") ? (0x30...0x39).contains(byte) : byte == sample
            }
        // A parser may take the 30th of February for the 1st of March: only what is written back the same is a date.
        guard isFormed, let date = try? Date(text, strategy: .iso8601) else { throw Self.invalid(text) }
        self.init(seconds: Int64(date.timeIntervalSince1970))
        guard description == text else { throw Self.invalid(text) }
    }

    private static func invalid(_ text: String) -> TUFError {
        TUFError(.timeInvalid, "\(quoted(text)) is no time; write YYYY-MM-DDTHH:MM:SSZ")
    }

    public var description: String { Date(timeIntervalSince1970: TimeInterval(seconds)).formatted(.iso8601) }

    public static func < (left: MetadataTime, right: MetadataTime) -> Bool { left.seconds < right.seconds }
}
