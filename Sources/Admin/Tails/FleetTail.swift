import DeviceAuth
import Fleet

/// The fleet's log, or the lines of one device in it, for a ``Tail``.
struct FleetTail: TailSource {
    let log: any FleetLog
    /// Nil for all of them.
    let device: DeviceID?

    var announced: Int64? { device == nil ? nil : log.announced }
    /// Every event of the fleet wakes every listener of all of it.
    var pause: Duration { device == nil ? .milliseconds(50) : .zero }

    func lines(from position: Int64, limit: Int) throws -> TailRun {
        try log.lines(of: device, from: position, limit: limit)
    }

    /// The line's `type`; it is the second member.
    func name(of line: String) -> Substring? {
        guard let start = line.firstRange(of: "\"type\":\"")?.upperBound else { return nil }
        return line[start...].prefix { $0 != "\"" }
    }
}
