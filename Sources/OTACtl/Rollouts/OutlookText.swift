/// What a rollout would do, for the terminal.
enum OutlookText {
    static func text(of outlook: JSON) -> String {
        var parts = [Table([], head(outlook), empty: "").text]
        let phases = outlook["phases"].array.map { phase in
            [
                phase["number"].cell, phase["name"].cell, phase["devices"].cell, phase["opensAt"].string ?? "never",
                phase["endsAt"].string ?? "never", phase["hours"].cell, phase["succeeding"].cell,
            ]
        }
        parts.append(Table(["PHASE", "NAME", "DEVICES", "OPENS", "ENDS", "HOURS", "SUCCEEDING"], phases, empty: "no phases").text)
        let misses = outlook["misses"].members.filter { $0.value["count"].integer ?? 0 > 0 }.sorted { $0.key < $1.key }
        if !misses.isEmpty {
            let rows = misses.map { [$0.key, $0.value["count"].cell, named($0.value)] }
            parts.append(Table(["MISSES", "DEVICES", "SUCH AS"], rows, empty: "").text)
        }
        let warnings = outlook["warnings"].array.map { [$0["slug"].cell, $0["sentence"].cell] }
        if !warnings.isEmpty { parts.append(Table(["WARNING", ""], warnings, empty: "").text) }
        return parts.joined(separator: "\n\n")
    }

    private static func head(_ outlook: JSON) -> [[String]] {
        var rows = [["matched", outlook["matched"].cell]]
        rows += outlook["excluded"].members.sorted { $0.key < $1.key }.map { ["excluded", "\($0.value.cell) \($0.key)"] }
        rows += outlook["conflicts"].array.map { ["conflict", "\($0["devices"]["count"].cell) in \($0["rollout"].cell)"] }
        if outlook["present"].integer ?? 0 > 0 { rows.append(["run it already", outlook["present"].cell]) }
        if outlook["held"]["count"].integer ?? 0 > 0 {
            rows.append(["too old", "\(outlook["held"]["count"].cell), such as \(named(outlook["held"]))"])
        }
        return rows + [
            ["begins", outlook["beginsAt"].cell],
            ["ends", outlook["endsAt"].string.map { "\($0), in \(outlook["hours"].cell) hours" } ?? "not by itself"],
            ["bytes", outlook["bytes"].integer.map(String.init) ?? "unknown: the update was not checked"],
        ]
    }

    private static func named(_ devices: JSON) -> String { devices["first"].array.prefix(3).map(\.cell).joined(separator: ", ") }
}
