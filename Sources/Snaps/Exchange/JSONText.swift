import FoundationEssentials

/// One way to write JSON in this room: members sorted, slashes plain.
enum JSONText {
    static func encode(_ value: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // The documents hold texts, numbers and booleans, which can always be written.
        return (try? encoder.encode(value)).map(Array.init) ?? []
    }
}
