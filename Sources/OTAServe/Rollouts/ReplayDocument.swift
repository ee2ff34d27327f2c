import Fleet

/// What a replay found, as JSON.
struct ReplayDocument: Encodable {
    struct Phase: Encodable {
        let number: Int
        let size: Int
        let open: Bool
        let counts: [String: Int]
    }

    struct Finding: Encodable {
        let slug: String
        let line: Int?
        let sentence: String
    }

    let id: String
    let agrees: Bool
    let lines: Int
    let state: String
    let paused: String?
    let phases: [Phase]
    let findingCount: Int
    let findings: [Finding]

    init(_ replay: RolloutReplay) {
        let progress = replay.progress
        id = replay.rollout.id.text
        agrees = replay.findingCount == 0
        lines = replay.lineCount
        state = progress.state.rawValue
        paused = progress.pause.map { "\($0.by): \($0.sentence)" }
        phases = progress.phases.map { phase in
            var counts: [String: Int] = [:]
            for stage in DeviceStage.allCases where phase.counts[stage] > 0 { counts[stage.name] = phase.counts[stage] }
            return Phase(number: phase.number, size: phase.counts.total, open: phase.openedAt != nil, counts: counts)
        }
        findingCount = replay.findingCount
        findings = replay.findings.map { Finding(slug: $0.slug.rawValue, line: $0.line, sentence: $0.sentence) }
    }
}
