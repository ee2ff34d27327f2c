/// Cuts a stream of bytes into server-sent events (HTML Living Standard §9.2.6).
struct EventStreamParser {
    enum Element: Equatable {
        case event(id: String?, name: String?, data: String)
        case comment
    }

    private var line: [UInt8] = []
    private var id: String?
    /// The id of the last whole event, or one that came without an event.
    private(set) var lastID: String?
    private var name: String?
    private var data: [String] = []

    /// Bytes that a line may have; the rest of a longer one is dropped.
    static let longestLine = 1 << 20

    /// What these bytes complete, in order.
    mutating func consume(_ bytes: some Sequence<UInt8>) -> [Element] {
        var elements: [Element] = []
        for byte in bytes {
            if byte != UInt8(ascii: "\n") {
                if line.count < Self.longestLine { line.append(byte) }
                continue
            }
            if line.last == UInt8(ascii: "\r") { line.removeLast() }
            if let element = take(String(decoding: line, as: UTF8.self)) { elements.append(element) }
            line.removeAll(keepingCapacity: true)
        }
        return elements
    }

    private mutating func take(_ line: String) -> Element? {
        if line.isEmpty {
            lastID = id
            defer {
                name = nil
                data.removeAll()
            }
            return data.isEmpty ? nil : .event(id: id, name: name, data: data.joined(separator: "\n"))
        }
        if line.hasPrefix(":") { return .comment }
        let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let value = parts.count == 2 ? String(parts[1].hasPrefix(" ") ? parts[1].dropFirst() : parts[1]) : ""
        switch parts[0] {
        case "id": id = value
        case "event": name = value
        case "data": data.append(value)
        default: break
        }
        return nil
    }
}
