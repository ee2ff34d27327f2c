import Fleet
import Foundation

/// One line of a device's `events-<correlationId>` file: the event as compact JSON.
enum EventLine {
    static func encode(_ event: DeviceEvent) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try Array(encoder.encode(event)) + [UInt8(ascii: "\n")]
    }

    /// The lines of a file with the ids of their events; a line that is none keeps its bytes under no id.
    static func split(_ bytes: [UInt8]) -> [(id: String, bytes: [UInt8])] {
        bytes.split(separator: UInt8(ascii: "\n")).map { line in
            let id = (try? JSONDecoder().decode(DeviceEvent.self, from: Data(line)))?.id ?? ""
            return (id, Array(line) + [UInt8(ascii: "\n")])
        }
    }
}
