import FoundationEssentials

/// One event of an update, as existing clients send it.
public struct DeviceEvent: Codable, Equatable, Sendable {
    public let id: String
    /// As the device wrote it; may carry a local offset.
    public let deviceTime: String?
    public let eventType: Kind
    public let event: Body

    public struct Kind: Codable, Equatable, Sendable {
        /// Such as `EcuDownloadStarted`; names that are not known are kept.
        public let id: String
        public let version: Int?
    }

    public struct Body: Codable, Equatable, Sendable {
        public let correlationId: String?
        public let ecu: String?
        public let success: Bool?
        public let targetName: String?
        public let version: String?
        /// Text, or a JSON document in a string.
        public let details: String?
    }

    /// Bytes that each text may have; longer ones are cut (details) or refuse the event (the rest).
    static let longestText = 256
    static let longestDetails = 4096

    /// The name of the file that holds the event's siblings. An absent or unusable id gathers in one file.
    public var correlation: CorrelationID { event.correlationId.flatMap(CorrelationID.init) ?? .unknown }
}

/// The part of an event file's name that the device chose: checked, because it becomes a name.
public struct CorrelationID: Hashable, Sendable {
    public let text: String

    /// Nil unless 1 to 63 letters, digits and `_ . + -`. It may begin with `-`.
    public init?(_ text: String) {
        guard (1...63).contains(text.utf8.count),
            text.utf8.allSatisfy({ byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || byte == 0x5F || byte == 0x2E || byte == 0x2B || byte == 0x2D
            })
        else { return nil }
        self.text = text
    }

    private init(known text: String) { self.text = text }
    public static let unknown = CorrelationID(known: "unknown")
}

extension DeviceEvent {
    /// Why an element of a batch was left out; nil when it can be kept.
    var problem: String? {
        if id.isEmpty || id.utf8.count > Self.longestText { return "its id is empty or too long" }
        if eventType.id.isEmpty || eventType.id.utf8.count > 64 { return "its type is empty or too long" }
        let texts = [deviceTime, event.ecu, event.targetName, event.version]
        if texts.contains(where: { ($0?.utf8.count ?? 0) > Self.longestText }) { return "one of its texts is too long" }
        return nil
    }

    /// The event with its details cut to what is kept.
    var trimmed: DeviceEvent {
        guard let details = event.details, details.utf8.count > Self.longestDetails else { return self }
        let body = Body(
            correlationId: event.correlationId, ecu: event.ecu, success: event.success, targetName: event.targetName,
            version: event.version, details: String(decoding: details.utf8.prefix(Self.longestDetails), as: UTF8.self))
        return DeviceEvent(id: id, deviceTime: deviceTime, eventType: eventType, event: body)
    }
}

extension DeviceEvent {
    /// Lenient: only the two ids must be there, because an event that is left out is lost.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = try container.decode(String.self, forKey: .id)
        deviceTime = try? container.decodeIfPresent(String.self, forKey: .deviceTime)
        eventType = try container.decode(Kind.self, forKey: .eventType)
        event =
            (try? container.decodeIfPresent(Body.self, forKey: .event))
            ?? Body(correlationId: nil, ecu: nil, success: nil, targetName: nil, version: nil, details: nil)
    }
}

extension DeviceEvent.Kind {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = try container.decode(String.self, forKey: .id)
        version = try? container.decodeIfPresent(Int.self, forKey: .version)
    }
}

extension DeviceEvent.Body {
    /// Lenient: a member of an unexpected type counts as absent, because a refused event is sent again for ever.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func text(_ key: CodingKeys) -> String? {
            if let text = try? container.decodeIfPresent(String.self, forKey: key) { return text }
            return (try? container.decodeIfPresent(Int.self, forKey: key)).map { String($0) }
        }
        correlationId = text(.correlationId)
        ecu = text(.ecu)
        success = try? container.decodeIfPresent(Bool.self, forKey: .success)
        targetName = text(.targetName)
        version = text(.version)
        details = text(.details)
    }
}
