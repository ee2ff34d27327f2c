/// The heads of all answers to one piece of content: whole, in part, unchanged, or without the part that is asked for.
struct Representation: Sendable {
    /// Strong, with its quotes.
    let etag: String
    /// Bytes.
    let size: Int64
    let whole: PreparedHead

    private let fields: [(name: String, value: String)]

    /// - Parameter fields: what stands in the head beside `etag`, `accept-ranges` and what tells the length.
    init(etag: String, size: Int64, fields: [(name: String, value: String)]) {
        self.etag = etag
        self.size = size
        self.fields = [("accept-ranges", "bytes")] + fields + [("etag", etag)]
        whole = PreparedHead(status: 200, fields: self.fields + [("content-length", String(size))])
    }

    func part(_ range: Range<Int64>) -> PreparedHead {
        PreparedHead(
            status: 206,
            fields: fields + [
                ("content-length", String(range.count)),
                ("content-range", "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(size)"),
            ])
    }

    var notModified: PreparedHead { PreparedHead(status: 304, fields: [("etag", etag)]) }

    var unsatisfiable: PreparedHead {
        PreparedHead(status: 416, fields: [("content-range", "bytes */\(size)"), ("content-length", "0")])
    }

    /// Whether an `If-None-Match` names this content.
    func matches(_ header: String) -> Bool {
        header == etag || header == "*"
            || header.split(separator: ",").contains { $0.drop(while: { $0 == " " || $0 == "W" || $0 == "/" }).elementsEqual(etag) }
    }
}
