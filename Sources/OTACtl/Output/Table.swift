/// Columns of equal width under a heading; or one sentence when there is nothing to show.
struct Table {
    let columns: [String]
    let rows: [[String]]
    /// What is said in place of an empty table.
    let empty: String

    init(_ columns: [String], _ rows: [[String]], empty: String) {
        self.columns = columns
        self.rows = rows.map { $0.map(Plain.line) }
        self.empty = empty
    }

    var text: String {
        guard !rows.isEmpty else { return empty }
        let lines = columns.isEmpty ? rows : [columns] + rows
        let count = lines.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in lines.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0 }
        return lines.map { cells in
            let filled = cells.enumerated().map { $1 + String(repeating: " ", count: widths[$0] - $1.count) }.joined(separator: "  ")
            return String(filled.reversed().drop { $0 == " " }.reversed())
        }.joined(separator: "\n")
    }

    func print() throws(ControlError) { try StandardOutput.line(text) }
}
