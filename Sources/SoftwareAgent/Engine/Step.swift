import Snaps

/// One thing for the agent to do next; what came of it is an ``AgentEvent``.
public enum Step: Equatable, Sendable {
    /// For whom snapd works.
    public enum Subject: Equatable, Sendable { case required, order }

    case heartbeat
    case deliver(KeptAnswer)
    case publishList(id: String)
    /// Which of the required snaps are there?
    case lookAtList
    case fetch(RequiredSnap)
    case acknowledge(RequiredSnap)
    /// The number of snapd's last change, before a new one is asked for.
    case numberChanges(Subject)
    /// Whether snapd began a change after that number that is about these snaps.
    case findChange(after: Int, about: [String], Subject)
    case install([RequiredSnap])
    case perform(SnapRequest)
    case poll(change: String, Subject)
}
