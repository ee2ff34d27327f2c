import DeviceAuth
import FileTree
import Fleet
import Foundation

/// Reads events back from `devices/<uuid>/events-*`.
extension FileReportStore: EventHistory {
    public func events(of device: DeviceID) async throws -> [CorrelatedEvents] { try readEvents(of: device) }

    private func readEvents(of device: DeviceID) throws -> [CorrelatedEvents] {
        guard let directory = try? root.directory("devices/\(device.text)") else { return [] }
        let files = try Self.eventFiles(in: directory).map { file in
            (kept: try Self.events(of: file.correlation, in: directory), modified: file.modified)
        }
        // What one request brought was written at one time: then the device's own clock decides.
        return files.sorted { ($0.modified, Self.lastTime($0.kept)) < ($1.modified, Self.lastTime($1.kept)) }.map(\.kept)
    }

    private static func events(of correlation: CorrelationID, in directory: Directory) throws -> CorrelatedEvents {
        let bytes = try directory.contents(of: "events-\(correlation.text)", limit: 4 << 20)
        // A line that somebody spoiled is passed over, as everywhere.
        let events = bytes.split(separator: UInt8(ascii: "\n")).compactMap { line in
            try? JSONDecoder().decode(DeviceEvent.self, from: Data(line))
        }
        return CorrelatedEvents(correlation: correlation, events: events)
    }

    private static func lastTime(_ kept: CorrelatedEvents) -> Int64 {
        kept.events.last?.deviceTime.flatMap(DeviceTime.seconds) ?? 0
    }

    /// Looks into every device's folder: for the start after a kill, not for a running server.
    public func lastWrites() async throws -> [(device: DeviceID, at: Int64)] { try readLastWrites() }

    private func readLastWrites() throws -> [(device: DeviceID, at: Int64)] {
        guard let devices = try? root.directory("devices") else { return [] }
        return try devices.names().compactMap { name in
            guard let device = try? DeviceID(name), let directory = try? devices.directory(name),
                let last = try Self.eventFiles(in: directory).last
            else { return nil }
            return (device, last.modified / 1_000_000_000)
        }
    }

    /// The one that was written last at the end.
    private static func eventFiles(in directory: Directory) throws -> [(correlation: CorrelationID, modified: Int64)] {
        try directory.names().compactMap { name in
            guard name.hasPrefix("events-"), let correlation = CorrelationID(String(name.dropFirst(7))) else { return nil }
            return (correlation, directory.status(name)?.modified ?? 0)
        }.sorted { ($0.modified, $0.correlation.text) < ($1.modified, $1.correlation.text) }
    }
}
