/// One thing in which the files of a rollout, or the records of its devices, do not agree.
public struct ReplayFinding: Equatable, Sendable {
    public enum Slug: String, Sendable, CaseIterable {
        /// `rollout.json` says something else than the lines.
        case stateDiffers = "state-differs"
        case phaseDiffers = "phase-differs"
        case pauseDiffers = "pause-differs"
        case skippedDiffer = "skipped-differ"
        case startDiffers = "start-differs"
        case settledDiffers = "settled-differs"
        /// `devices.json` lacks devices that the lines name.
        case devicesMissing = "devices-missing"
        /// A line of `events` that is none.
        case lineUnreadable = "line-unreadable"
        /// Time goes backwards.
        case timeBackwards = "time-backwards"
        /// A line that cannot follow the lines before it.
        case lineImpossible = "line-impossible"
        case deviceUnknown = "device-unknown"
        case offeredTwice = "offered-twice"
        case offeredBeforePhase = "offered-before-phase"
        /// By a rollout that does not run.
        case offeredWhileStill = "offered-while-still"
        case offeredOutsideWindow = "offered-outside-window"
        /// A transition without a note in `decisions`.
        case decisionMissing = "decision-missing"
        /// A note in `decisions` of something that no line tells.
        case decisionWithoutLine = "decision-without-line"
        /// A device's record does not have the update that it was offered.
        case recordDiffers = "record-differs"
    }

    public let slug: Slug
    /// Of `events`, from 1.
    public let line: Int?
    public let sentence: String
}
