extension FilterAttribute {
    /// Says that there is no such attribute, which one may be meant, and which there are.
    static func unknown(_ text: String) -> String {
        let meant = nearest(to: text).map { "; did you mean `\($0)`?" } ?? ";"
        return "there is no attribute `\(text.prefix(40))`\(meant) attributes: \(names.joined(separator: ", "))"
    }

    private static var names: [String] { table.map(\.name) + [labelPrefix + "<key>"] }

    /// The attribute that a slip of the fingers, or the name of the API's member, comes from.
    private static func nearest(to text: String) -> String? {
        let text = text.lowercased()
        if text.hasPrefix("label") { return labelPrefix + "<key>" }
        if let row = table.first(where: { text.hasPrefix($0.name.lowercased()) }) { return row.name }
        // Nobody means an attribute by a text of this length; the distance costs the product of both.
        guard (2...24).contains(text.utf8.count) else { return nil }
        let distances = table.map { (name: $0.name, distance: distance($0.name.lowercased(), text)) }
        guard let best = distances.min(by: { $0.distance < $1.distance }), best.distance <= 2, best.distance < text.utf8.count - 1
        else { return nil }
        return best.name
    }

    /// Insertions, deletions, replacements and swaps of neighbours that lead from one to the other.
    private static func distance(_ left: String, _ right: String) -> Int {
        let (left, right) = (Array(left.utf8), Array(right.utf8))
        var rows = [Array(0...right.count)]
        for i in 1...left.count {
            var row = [i]
            for j in 1...right.count {
                var least = min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1))
                if i > 1, j > 1, left[i - 1] == right[j - 2], left[i - 2] == right[j - 1] { least = min(least, rows[i - 2][j - 2] + 1) }
                row.append(least)
            }
            rows.append(row)
        }
        return rows[left.count][right.count]
    }
}
