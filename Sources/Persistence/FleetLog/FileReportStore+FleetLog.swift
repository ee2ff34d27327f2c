import DeviceAuth
import Fleet

extension FileReportStore: FleetLog {
    /// Lines of one record of the journal.
    private static let mostNotes = 4096

    public var feed: TailFeed<FleetTopic> { announcements.feed }
    public var announced: Int64 { announcements.position }

    public func note(_ notes: [FleetNote]) async throws {
        for start in stride(from: 0, to: notes.count, by: Self.mostNotes) {
            let part = notes[start..<min(notes.count, start + Self.mostNotes)]
            let time = AuditRecord.time(now())
            let lines = part.map { (device: $0.device, bytes: FleetLine.note($0, at: time)) }
            try await write { [fleetFolder, fleetLimits] knowledge, _ in
                try knowledge.appendToFleetLog(lines, in: fleetFolder, limits: fleetLimits)
            }
        }
    }

    public func oldest() throws -> Int64 { try reader.oldest() }

    public func endsLine(at position: Int64) throws -> Bool { try reader.endsLine(at: position) }

    public func lines(of device: DeviceID?, from position: Int64, limit: Int) throws -> TailRun {
        try reader.lines(of: device, from: position, limit: limit)
    }
}
