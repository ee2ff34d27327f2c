import Foundation

/// The texts of a `sota.toml`, by section and name. An absent file has none.
struct SotaFile {
    private var texts: [String: String] = [:]

    init(directory: String) {
        self.init(text: (try? String(contentsOfFile: "\(directory)/sota.toml", encoding: .utf8)) ?? "")
    }

    init(text: String) {
        var section = ""
        for line in text.split(whereSeparator: \.isNewline).map({ $0.trimmingCharacters(in: .whitespaces) }) {
            if line.hasPrefix("["), let end = line.firstIndex(of: "]") {
                section = line[line.index(after: line.startIndex)..<end].trimmingCharacters(in: .whitespaces)
            } else if let equals = line.firstIndex(of: "="), !line.hasPrefix("#") {
                let name = line[..<equals].trimmingCharacters(in: .whitespaces)
                texts["\(section).\(name)"] = Self.value(line[line.index(after: equals)...].trimmingCharacters(in: .whitespaces))
            }
        }
    }

    subscript(section: String, name: String) -> String? { texts["\(section).\(name)"].flatMap { $0.isEmpty ? nil : $0 } }

    /// Between quotes, or up to a comment.
    private static func value(_ text: String) -> String {
        if let quote = text.first, quote == "\"" || quote == "'" {
            return String(text.dropFirst().prefix { $0 != quote })
        }
        return text.prefix { $0 != "#" }.trimmingCharacters(in: .whitespaces)
    }
}
