import Fleet

/// What a tail reads from.
protocol TailSource: Sendable {
    /// Whole lines from a position on, of about `limit` bytes.
    func lines(from position: Int64, limit: Int) throws -> TailRun
    /// The name of a line's event; nil when it has none.
    func name(of line: String) -> Substring?
    /// The listener's lines before it have been told to the listener. Nil when nothing tells where they are: then
    /// everything is looked at.
    var announced: Int64? { get }
    /// How long news gather before they are sent, so that many listeners of many events take few turns.
    var pause: Duration { get }
}
