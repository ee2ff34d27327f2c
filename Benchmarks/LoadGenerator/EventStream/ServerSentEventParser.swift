/// Cuts a stream of bytes into server-sent events (HTML Living Standard, §9.2.6); of a field only `data` is kept.
struct ServerSentEventParser {
    private var line: [UInt8] = []
    private var data: [String] = []

    /// The data of the events that these bytes complete, in order.
    mutating func consume(_ bytes: some Sequence<UInt8>) -> [String] {
        var events: [String] = []
        for byte in bytes {
            guard byte == UInt8(ascii: "\n") else {
                line.append(byte)
                continue
            }
            if line.last == UInt8(ascii: "\r") { line.removeLast() }
            if line.isEmpty {
                if !data.isEmpty { events.append(data.joined(separator: "\n")) }
                data.removeAll()
            } else if line.starts(with: "data:".utf8) {
                data.append(String(decoding: line.dropFirst(line.dropFirst(5).first == UInt8(ascii: " ") ? 6 : 5), as: UTF8.self))
            }
            line.removeAll(keepingCapacity: true)
        }
        return events
    }
}
