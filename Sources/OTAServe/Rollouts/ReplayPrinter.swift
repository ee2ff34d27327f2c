import Fleet

/// Prints what a replay found: the counts of each phase, then where the files differ.
enum ReplayPrinter {
    static func print(_ replay: RolloutReplay) {
        let document = ReplayDocument(replay)
        Swift.print("\(document.id): \(document.state) after \(document.lines) lines" + (document.paused.map { ", paused by \($0)" } ?? ""))
        if !document.phases.isEmpty {
            let stages = DeviceStage.allCases.map(\.name)
            OutputFormat.printTable(
                ["PHASE", "OPEN", "DEVICES"] + stages.map { $0.uppercased() },
                document.phases.map { phase in
                    ["\(phase.number)", phase.open ? "yes" : "no", "\(phase.size)"] + stages.map { "\(phase.counts[$0] ?? 0)" }
                })
        }
        guard document.findingCount > 0 else { return Swift.print("the files agree") }
        for finding in document.findings {
            StandardError.print("\(finding.slug): " + (finding.line.map { "events, line \($0): " } ?? "") + finding.sentence)
        }
        StandardError.print(
            "otaserve: rollout-differs: \(document.findingCount) differences; the lines have the last word when the server starts")
    }
}
