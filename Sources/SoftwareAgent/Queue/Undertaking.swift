/// How far one change of snapd's has come that the agent asks for. Kept on the disk, so that it is asked for once.
public enum Undertaking: Codable, Equatable, Sendable {
    case planned
    /// It is asked for now; changes of snapd's with greater numbers may be it.
    case begun(after: Int)
    /// The agent ended, or the answer was lost, when it was asked for.
    case unsure(after: Int)
    case running(change: String)

    /// What a process knows that finds it on the disk, or has lost snapd's answer.
    var afterRestart: Undertaking {
        if case .begun(let number) = self { .unsure(after: number) } else { self }
    }
}
