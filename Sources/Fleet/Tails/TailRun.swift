/// Whole lines of a file that a tail reads.
public struct TailRun: Sendable {
    /// `next` is the position behind the line; it is the line's id.
    public let lines: [(text: String, next: Int64)]
    /// Everything before it has been looked at.
    public let end: Int64

    public init(lines: [(text: String, next: Int64)], end: Int64) {
        self.lines = lines
        self.end = end
    }
}
