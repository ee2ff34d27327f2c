/// A rollout as a board for the terminal: what it is, a row for each phase, and why devices failed.
enum RolloutBoardText {
    /// In the order in which devices go through them.
    private static let stages = [
        "planned", "waiting", "offered", "downloading", "installing", "succeeded", "failed", "timedOut", "superseded", "putBack",
    ]
    /// The columns of a phase; what succeeded is told beside them.
    private static let columns: [(heading: String, stages: [String])] = [
        ("WAITING", ["waiting"]), ("OFFERED", ["offered"]), ("DOWNLOADING", ["downloading"]), ("INSTALLING", ["installing"]),
        ("SUCCEEDED", ["succeeded"]), ("FAILED", ["failed"]), ("TIMED OUT", ["timedOut"]), ("LEFT", ["superseded", "putBack"]),
    ]

    static func text(of rollout: JSON) -> String {
        var parts = [Table([], head(rollout), empty: "").text]
        let phases = rollout["phases"].array.map(row)
        if !phases.isEmpty {
            parts.append(
                Table(["PHASE", "NAME", "SIZE", "OPENED", "GATE", "DONE"] + columns.map(\.heading), phases, empty: "").text)
        }
        let failures = rollout["failures"].array.map { [$0["devices"].cell, $0["reason"].cell] }
        if !failures.isEmpty { parts.append(Table(["DEVICES", "FAILED WITH"], failures, empty: "").text) }
        return parts.joined(separator: "\n\n")
    }

    private static func head(_ rollout: JSON) -> [[String]] {
        var rows = [["rollout", rollout["id"].cell], ["state", rollout["state"].cell]]
        if !rollout["paused"].members.isEmpty {
            rows.append(["paused", "by \(rollout["paused"]["by"].cell): \(rollout["paused"]["reason"].cell)"])
        }
        rows += [
            ["update", RolloutsCommand.update(of: rollout)],
            ["created", rollout["createdAt"].cell + (rollout["createdBy"].string.map { " by \($0)" } ?? "")],
            ["started", rollout["startedAt"].cell], ["phase", RolloutsCommand.phase(of: rollout)],
            ["devices", counts(rollout["counts"])],
        ]
        if let end = rollout["estimatedEnd"].string { rows.append(["ends about", end]) }
        let reasons = Dictionary(grouping: rollout["skipped"].array, by: { $0["reason"].cell })
        if !reasons.isEmpty {
            rows.append(["skipped", reasons.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.count)" }.joined(separator: ", ")])
        }
        return rows
    }

    private static func counts(_ counts: JSON) -> String {
        let shown = stages.filter { counts[$0].integer ?? 0 != 0 }.map { "\($0) \(counts[$0].cell)" }
        return shown.isEmpty ? "-" : shown.joined(separator: ", ")
    }

    private static func row(_ phase: JSON) -> [String] {
        let gate = phase["gate"].integer.map { "\($0) %\(phase["gateMetAt"] == .null ? "" : ", met")" } ?? "-"
        let isOpen = phase["openedAt"] != .null
        return [
            phase["number"].cell, phase["name"].cell, phase["size"].cell, isOpen ? phase["openedAt"].cell : "not yet", gate,
            isOpen ? "\(phase["percentSucceeded"].cell) %" : "-",
        ] + columns.map { column in String(column.stages.reduce(0) { $0 + (phase["counts"][$1].integer ?? 0) }) }
    }
}
