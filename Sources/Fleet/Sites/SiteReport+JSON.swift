import DeviceAuth
import FoundationEssentials

extension SiteReport: Codable {
    private enum Member: String, CodingKey {
        case format, site, madeAt, sequence, updates, devices, targets, events, audit
    }

    /// Refuses what is beyond the bounds or no report at all.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Member.self)
        func list<Element: Decodable>(_ type: Element.Type, _ member: Member, most: Int) throws -> [Element] {
            var elements = try container.nestedUnkeyedContainer(forKey: member)
            var list: [Element] = []
            while !elements.isAtEnd {
                guard list.count < most else { throw SiteReportError(.tooLarge, "\(member.rawValue) has more than \(most) elements") }
                list.append(try elements.decode(type))
            }
            return list
        }
        guard try container.decode(String.self, forKey: .format) == Self.format else {
            throw SiteReportError(.malformed, "it is not in the format \(Self.format); use the same release at the site and here")
        }
        site = try SiteName(container.decode(String.self, forKey: .site))
        madeAt = try container.decode(Int64.self, forKey: .madeAt)
        sequence = try container.decode(Int64.self, forKey: .sequence)
        updates = try list(Update.self, .updates, most: Self.mostUpdates)
        devices = try list(Device.self, .devices, most: Self.mostDevices)
        targets = try container.decode([String: Int].self, forKey: .targets)
        events = try list(Event.self, .events, most: Self.mostLines)
        audit = try list(AuditLine.self, .audit, most: Self.mostLines)
        try check()
    }

    private func check() throws(SiteReportError) {
        guard sequence > 0, madeAt >= 0 else { throw SiteReportError(.malformed, "its sequence and time must be positive") }
        guard devices.allSatisfy(\.isWellFormed) else {
            throw SiteReportError(.malformed, "a device says of itself what no device can say")
        }
        guard Set(devices.map(\.uuid)).count == devices.count else { throw SiteReportError(.malformed, "a device stands in it twice") }
        guard events.allSatisfy({ $0.next > 0 && Self.isLine($0.line) }), audit.allSatisfy({ $0.number > 0 && Self.isLine($0.line) })
        else { throw SiteReportError(.malformed, "an event or a line of the audit log is no line") }
    }

    /// One line that becomes a line of a file here.
    private static func isLine(_ text: String) -> Bool {
        text.utf8.count <= longestLine && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Member.self)
        try container.encode(Self.format, forKey: .format)
        try container.encode(site.text, forKey: .site)
        try container.encode(madeAt, forKey: .madeAt)
        try container.encode(sequence, forKey: .sequence)
        try container.encode(updates, forKey: .updates)
        try container.encode(devices, forKey: .devices)
        try container.encode(targets, forKey: .targets)
        try container.encode(events, forKey: .events)
        try container.encode(audit, forKey: .audit)
    }

    /// The bytes that are signed.
    public func document() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self))
    }

    public init(document: [UInt8]) throws(SiteReportError) {
        do {
            self = try JSONDecoder().decode(SiteReport.self, from: Data(document))
        } catch let error as SiteReportError {
            throw error
        } catch {
            throw SiteReportError(.malformed, "it cannot be read as a report: \(SiteReportError.reason(error)); make it anew")
        }
    }
}
