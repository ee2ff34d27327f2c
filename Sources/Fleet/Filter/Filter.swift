/// A question about devices, such as `tag=main and label.site=oslo and lastSeen<7d and not target=lmp-42`.
///
/// The same text asks in the API, on the command line and in rollouts. Its description is its canonical text: reading
/// that gives an equal filter. docs/reference/filter.md states the language.
public struct Filter: Hashable, Sendable, CustomStringConvertible {
    let condition: FilterCondition
    /// The canonical text.
    public let description: String

    /// Throws `.filterInvalid`; the message says at which character, counted from 1, what was expected.
    public init(_ text: String) throws(FleetError) {
        var parser = try FilterParser(text)
        condition = try parser.parse()
        description = condition.description
        guard description.utf8.count <= FilterLimits.mostBytes else {
            throw FilterParser.invalid(
                at: 1, "the filter is longer than \(FilterLimits.mostBytes) bytes when it is written out in full; ask for less at once")
        }
    }

    /// Whether the device is meant. A deleted one never is. `now` is in seconds since 1970.
    public func matches(_ facts: DeviceFacts, now: Int64) -> Bool {
        !facts.state.isDeleted && condition.matches(facts, now: now)
    }
}
