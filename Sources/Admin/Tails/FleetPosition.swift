import Fleet
import HTTPTypes

/// Where a tail of the fleet's log begins.
enum FleetPosition: Equatable, Sendable {
    /// Behind the last event that the listener has.
    case behind(Int64)
    case start
    case now

    /// The header `Last-Event-ID` goes before `lastEventID` in the query, and that before `from`.
    init(of call: Call) throws(Problem) {
        let id = call.request.headers[.lastEventID] ?? call.query("lastEventID") ?? ""
        guard id.isEmpty else {
            self = .behind(try EventOffset(id, invalid: Self.invalid).bytes)
            return
        }
        switch call.query("from") ?? "now" {
        case "now": self = .now
        case "start": self = .start
        default: throw Problem(.badRequest, "from-invalid", "from must be start or now")
        }
    }

    private static let invalid = Problem(
        .badRequest, "last-event-id-invalid",
        "the last event id is none of the fleet's; leave it out to hear what happens from now on")

    /// The position in bytes; throws when the listener would get half a line, or not all that it missed.
    func offset(in log: any FleetLog) throws -> Int64 {
        switch self {
        case .now: return log.announced
        case .start: return try log.oldest()
        case .behind(let id):
            let oldest = try log.oldest()
            guard id >= oldest else {
                throw FleetError(
                    .lastEventIDGone,
                    "events behind id \(id) are not kept any more: the oldest that are begin at \(oldest); listen with from=start, "
                        + "and look at the devices for what came before")
            }
            guard try log.endsLine(at: id) else { throw Self.invalid }
            return id
        }
    }
}
