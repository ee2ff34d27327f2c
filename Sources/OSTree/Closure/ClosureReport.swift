/// What a check of a repository found.
public struct ClosureReport: Sendable {
    /// The commits that were asked for and could be read.
    public internal(set) var commits: [Commit] = []
    /// Objects in the repository.
    public internal(set) var objects = 0
    /// Those that the commits need and that are there.
    public internal(set) var reached = 0
    /// Those that were known before and not read again, or only to walk on.
    public internal(set) var known = 0
    public internal(set) var bytesRead: Int64 = 0
    /// Errors first, then warnings, each sorted by path; of each the first thousand that were met.
    public internal(set) var findings: [ObjectFinding] = []
    /// All errors, also those that `findings` has no room for.
    public internal(set) var errors = 0
    public internal(set) var warnings = 0
    /// The check was stopped: the report says nothing of what it had not come to.
    public internal(set) var wasCancelled = false

    /// Dead weight: right, but needed by none of the commits.
    public var unreferenced: Int { objects - reached }

    /// Everything that the commits need is there, and everything that is there is what its name says.
    public var isComplete: Bool { errors == 0 && !wasCancelled }
}
