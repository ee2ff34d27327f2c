import DeviceAuth
import UpdateTree

/// The state of a rollout, made anew from its files alone, and everything in which they do not agree.
///
/// ```swift
/// var replay = RolloutReplay(rollout, devices: devices)
/// for line in lines { replay.take(line) }
/// replay.finish(notes: notes) { directory[$0]?.state }
/// ```
public struct RolloutReplay: Sendable {
    public let rollout: Rollout
    public private(set) var progress: RolloutProgress
    /// Of the first ``mostFindings``.
    public private(set) var findings: [ReplayFinding] = []
    /// Of all.
    public private(set) var findingCount = 0
    public private(set) var lineCount = 0
    private let listed: [DeviceID]
    private let known: Set<DeviceID>
    private var decisions = DecisionLedger()

    /// Findings that are kept; all are counted.
    public static let mostFindings = 1_000

    public init(_ rollout: Rollout, devices: [DeviceID]) {
        self.rollout = rollout
        listed = devices
        known = Set(devices)
        progress = RolloutProgress(rollout: rollout, devices: devices)
    }

    public mutating func take(_ text: String) {
        lineCount += 1
        guard let line = RolloutLine(text) else {
            return find(.lineUnreadable, "\(String(text.prefix(80)).debugDescription) is no line", at: lineCount)
        }
        if let (slug, sentence) = contradiction(of: line) { find(slug, sentence, at: lineCount) }
        if line.device == nil {
            if case .at = line {} else { decisions.take(line, at: lineCount) }
        }
        progress.apply(line)
    }

    /// Compares with the other files.
    ///
    /// - Parameters:
    ///   - notes: all of `decisions`.
    ///   - record: what is known of a device; nil when nothing is.
    public mutating func finish(notes: [RolloutNote], record: (DeviceID) -> DeviceState?) {
        compare()
        for (sentence, line) in decisions.unmatchedLines(notes) { find(.decisionMissing, sentence, at: line) }
        for note in decisions.unmatchedNotes(notes) {
            find(.decisionWithoutLine, "decisions tells of \(note), which no line of events does")
        }
        guard progress.state.isUnderway else { return }
        for device in progress.devices where device.stage.isUnderway || device.stage == .failed && !device.gaveUp {
            guard let state = record(device.id) else {
                find(.recordDiffers, "\(device.id) is \(device.stage.name) and has no record")
                continue
            }
            guard !state.isDeleted, state.updateName != rollout.update.name else { continue }
            find(
                .recordDiffers,
                "\(device.id) is \(device.stage.name), and its record has the update \(state.updateName?.text ?? "-") instead of \(rollout.update.name)"
            )
        }
    }

    /// `rollout.json` against the lines.
    private mutating func compare() {
        let told = RolloutStanding(progress)
        if rollout.state != told.state, !isFormerlyCompleted {
            find(.stateDiffers, "rollout.json says \(rollout.state.rawValue), the lines say \(told.state.rawValue)")
        }
        if rollout.createdBy != nil {
            if rollout.phase != told.phase {
                find(.phaseDiffers, "rollout.json says phase \(Self.text(rollout.phase)), the lines say \(Self.text(told.phase))")
            }
            if rollout.isSettled != told.isSettled {
                find(.settledDiffers, "rollout.json says settled: \(rollout.isSettled), the lines say \(told.isSettled)")
            }
        }
        if rollout.pause != told.pause {
            find(
                .pauseDiffers,
                "rollout.json says paused by \(rollout.pause?.text ?? "nobody"), the lines say by \(told.pause?.text ?? "nobody")")
        }
        if let startedAt = told.startedAt, rollout.startedAt != startedAt {
            let said = rollout.startedAt.map(Moment.text) ?? "nothing"
            find(.startDiffers, "rollout.json says started at \(said), the lines say \(Moment.text(startedAt))")
        }
        if Set(rollout.skipped.map(\.uuid)) != Set(told.skipped.map(\.uuid)) {
            find(
                .skippedDiffer, "rollout.json has \(rollout.skipped.count) devices that take no part, the lines have \(told.skipped.count)")
        }
    }

    /// Rollouts of before there were lines for it were completed without one.
    private var isFormerlyCompleted: Bool {
        rollout.createdBy == nil && rollout.state == .completed && progress.state == .running && progress.openCount == 0
    }

    private static func text(_ number: Int?) -> String { number.map(String.init) ?? "none" }

    private mutating func find(_ slug: ReplayFinding.Slug, _ sentence: String, at line: Int? = nil) {
        findingCount += 1
        if findings.count < Self.mostFindings { findings.append(ReplayFinding(slug: slug, line: line, sentence: sentence)) }
    }

    private func contradiction(of line: RolloutLine) -> (ReplayFinding.Slug, String)? {
        switch line {
        case .started(let count) where count + progress.skipped.count > listed.count:
            return (.devicesMissing, "\(count) devices take part and \(progress.skipped.count) do not; devices.json has \(listed.count)")
        case .joined(let id) where !known.contains(id): return (.devicesMissing, "\(id) joined and is not in devices.json")
        default: return progress.contradiction(of: line)
        }
    }
}
