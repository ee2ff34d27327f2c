import FoundationEssentials

/// The body of `POST /events`: the events that can be kept, and why others were left out.
public struct EventBatch: Sendable {
    public let events: [DeviceEvent]
    /// One sentence per event that was left out.
    public let ignored: [String]

    /// Clients send up to 6; a longer array is cut and the rest said to be ignored.
    public static let mostEvents = 64

    private struct Element: Decodable {
        let event: DeviceEvent?
        init(from decoder: any Decoder) throws { event = try? DeviceEvent(from: decoder) }
    }

    /// Reads a JSON array. Single bad elements are left out; a body that is no array throws `.reportInvalid`.
    public init(parsing bytes: [UInt8]) throws(FleetError) {
        guard let elements = try? JSONDecoder().decode([Element].self, from: Data(bytes)) else {
            throw FleetError(.reportInvalid, "the body is not a JSON array of events")
        }
        var events: [DeviceEvent] = []
        var ignored: [String] = []
        for (index, element) in elements.enumerated() {
            if index >= Self.mostEvents {
                ignored.append("\(elements.count - index) events beyond the first \(Self.mostEvents)")
                break
            }
            guard let event = element.event else {
                ignored.append("event \(index) has no id or no eventType.id")
                continue
            }
            if let problem = event.problem {
                ignored.append("event \(index): \(problem)")
            } else {
                events.append(event.trimmed)
            }
        }
        self.events = events
        self.ignored = ignored
    }
}
