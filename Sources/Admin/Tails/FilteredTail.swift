import DeviceAuth
import Fleet

/// The lines of the fleet's log whose devices match a filter when the line is sent, for a ``Tail``.
struct FilteredTail: TailSource {
    let fleet: FleetTail
    let filter: Filter
    let directory: DeviceDirectory
    let now: @Sendable () -> Int64

    var announced: Int64? { nil }
    var pause: Duration { fleet.pause }

    func name(of line: String) -> Substring? { fleet.name(of: line) }

    func lines(from position: Int64, limit: Int) throws -> TailRun {
        let run = try fleet.lines(from: position, limit: limit)
        return TailRun(lines: run.lines.filter { matches($0.text) }, end: run.end)
    }

    /// The device is the first member.
    private func matches(_ line: String) -> Bool {
        let beginning = "{\"device\":\""
        guard line.hasPrefix(beginning), let id = try? DeviceID(line.dropFirst(beginning.count).prefix { $0 != "\"" }),
            let entry = directory[id]
        else { return false }
        return filter.matches(DeviceFacts(entry), now: now())
    }
}
