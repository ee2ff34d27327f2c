/// A TOML document (1.0) as its keys and the texts of their values, for merging.
///
/// The values are kept as they were written: a merged document has the same types, down to the way a date is spelled.
/// Arrays of tables (`[[name]]`) are refused, since it is not clear what merging them by key would mean.
struct TOMLDocument: Equatable {
    struct Entry: Equatable {
        /// Names of the tables and of the key, such as `["pacman", "tags"]`.
        let path: [String]
        /// As it was written, without a comment behind it.
        let value: String
    }

    private(set) var entries: [Entry]

    init(_ text: String) throws(TOMLError) {
        var reader = TOMLReader(text)
        entries = try reader.read()
    }

    private init(entries: [Entry]) { self.entries = entries }

    /// Both documents' keys; of a key that both have, `other`'s value. A key that is a table in one of them and a value
    /// in the other is what it is in `other`.
    func merging(_ other: TOMLDocument) -> TOMLDocument {
        var indexes: [[String]: Int] = [:]
        var merged: [Entry?] = entries
        for (index, entry) in entries.enumerated() { indexes[entry.path] = index }
        let tables = Set(other.entries.flatMap { entry in (1..<max(entry.path.count, 1)).map { Array(entry.path.prefix($0)) } })
        let values = Set(other.entries.map(\.path))
        for (index, entry) in entries.enumerated() {
            let isBelowValue = (1..<entry.path.count).contains { values.contains(Array(entry.path.prefix($0))) }
            if tables.contains(entry.path) || isBelowValue {
                merged[index] = nil
                indexes[entry.path] = nil
            }
        }
        for entry in other.entries {
            if let index = indexes[entry.path] { merged[index] = entry } else { merged.append(entry) }
        }
        return TOMLDocument(entries: merged.compactMap { $0 })
    }

    var text: String {
        var order: [[String]] = []
        var tables: [[String]: [Entry]] = [:]
        for entry in entries {
            let table = Array(entry.path.dropLast())
            if tables[table] == nil, !table.isEmpty { order.append(table) }
            tables[table, default: []].append(entry)
        }
        var text = ""
        // What belongs to no table stands before all tables.
        for table in [[]] + order {
            guard let entries = tables[table] else { continue }
            if !table.isEmpty { text += "\(text.isEmpty ? "" : "\n")[\(table.map(Self.key).joined(separator: "."))]\n" }
            for entry in entries { text += "\(Self.key(entry.path.last ?? "")) = \(entry.value)\n" }
        }
        return text
    }

    private static func key(_ name: String) -> String {
        if !name.isEmpty, name.utf8.allSatisfy(TOMLReader.isBare) { return name }
        var quoted = "\""
        for scalar in name.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case "\u{0}"..<"\u{20}", "\u{7F}":
                let hex = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
