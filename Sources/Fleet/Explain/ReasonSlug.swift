/// The names of reasons; they stay the same for ever.
public enum ReasonSlug: String, Sendable, CaseIterable {
    // The device itself.
    case registrationPending = "registration-pending"
    case registrationRejected = "registration-rejected"
    case deviceDeleted = "device-deleted"
    case deviceDenied = "device-denied"
    case certificateExpired = "certificate-expired"
    case neverSeen = "never-seen"
    case noTag = "no-tag"
    case noUpdateAssigned = "no-update-assigned"
    // The update.
    case updateMissing = "update-missing"
    case updateNotVerified = "update-not-verified"
    case updateRefused = "update-refused"
    // The rollout.
    case rolloutScheduled = "rollout-scheduled"
    case rolloutNeedsApproval = "rollout-needs-approval"
    case rolloutPaused = "rollout-paused"
    case leftOut = "left-out"
    case phaseNotOpen = "phase-not-open"
    case gateNotMet = "gate-not-met"
    case soaking
    case pauseAhead = "pause-ahead"
    case windowShut = "window-shut"
    case capReached = "cap-reached"
    case versionNeeded = "version-needed"
    case tagDiffers = "tag-differs"
    case channelDiffers = "channel-differs"
    case turnAwaited = "turn-awaited"
    // How far it is.
    case notSeenSinceOffer = "not-seen-since-offer"
    case underway = "update-under-way"
    case succeeded = "update-succeeded"
    case failed = "update-failed"
    case timedOut = "update-timed-out"
}
