import Snaps

/// What came of a ``Step``.
public enum AgentEvent: Equatable, Sendable {
    case heartbeatTaken(SnapRequests)
    case delivered(KeptAnswer, SnapRequests)
    /// The server will never take it.
    case answerRefused(KeptAnswer)
    case listPublished(id: String, SnapRequests)
    case serverFailed
    /// There was no answer of snapd's; perhaps it was heard.
    case snapdFailed
    case listed(Set<SnapName>)
    /// A part is there: the download goes on after whatever else is due.
    case fetchedPart
    case fetched(RequiredSnap)
    case acknowledged(RequiredSnap)
    /// A file could not be got ready.
    case unprepared(RequiredSnap, words: String)
    case changesNumbered(last: Int, Step.Subject)
    case changeFound(String?, Step.Subject)
    case started(change: String, Step.Subject)
    case refused(SnapdRefusal, Step.Subject)
    /// Nil: snapd has forgotten the change.
    case polled(SnapdChange?, Step.Subject)
    /// An order that is done at once.
    case performed(success: Bool, message: String, result: String?)
}
