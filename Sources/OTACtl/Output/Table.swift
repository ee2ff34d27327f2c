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
            cells.enumerated().map { column, cell in
                // The last cell of a line needs no filling.
                column == cells.count - 1 ? cell : cell + String(repeating: " ", count: widths[column] - cell.count + 2)
            }.joined()
        }.joined(separator: "\n")
    }

    func print() throws(ControlError) { try StandardOutput.line(text) }
}
