import Foundation

/// The hours in which devices may be offered an update: `{"days": ["mon"], "from": "22:00", "to": "05:00", "zone": "Europe/Oslo"}`.
///
/// Hours are those of the wall clock of the zone, summer time included. A window whose end is not after its beginning
/// goes on to the next day; its day is the one on which it begins.
public struct TimeWindow: Equatable, Sendable, Codable {
    public enum Day: String, Sendable, Codable, CaseIterable {
        case sun, mon, tue, wed, thu, fri, sat
    }

    /// Empty: every day.
    public let days: Set<Day>
    /// Minutes since midnight.
    public let from: Int
    public let to: Int
    /// Of the IANA database, such as `Europe/Oslo`.
    public let zone: String

    private enum CodingKeys: String, CodingKey {
        case days, from, to, zone
    }

    public init(days: Set<Day> = [], from: Int, to: Int, zone: String) throws(FleetError) {
        guard TimeZone(identifier: zone) != nil else {
            throw FleetError(.planInvalid, "\(zone.prefix(60).debugDescription) is no time zone; write one such as Europe/Oslo or UTC")
        }
        guard (0..<1440).contains(from), (0...1440).contains(to), from != to else {
            throw FleetError(.planInvalid, "the window goes from and to hours such as 22:00, and has a length; leave it out for any time")
        }
        self.days = days
        self.from = from
        self.to = to
        self.zone = zone
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let days = Set(try container.decodeIfPresent([Day].self, forKey: .days) ?? [])
        let (from, to) = (try container.decode(String.self, forKey: .from), try container.decode(String.self, forKey: .to))
        let zone = try container.decodeIfPresent(String.self, forKey: .zone) ?? "UTC"
        self = try PlanMember.read(decoder) { () throws(FleetError) in
            try TimeWindow(days: days, from: Self.minutes(from), to: Self.minutes(to), zone: zone)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(Day.allCases.filter(days.contains), forKey: .days)
        try container.encode(Self.text(from), forKey: .from)
        try container.encode(Self.text(to), forKey: .to)
        try container.encode(zone, forKey: .zone)
    }

    private static func minutes(_ text: String) throws(FleetError) -> Int {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.count == 2 }), let hour = Int(parts[0]), let minute = Int(parts[1]),
            (0...24).contains(hour), (0..<60).contains(minute), hour * 60 + minute <= 1440
        else {
            throw FleetError(.planInvalid, "\(text.prefix(20).debugDescription) is no time of day; write one such as 22:00")
        }
        return hour * 60 + minute
    }

    private static func text(_ minutes: Int) -> String {
        let hour = minutes / 60, minute = minutes % 60
        return (hour < 10 ? "0" : "") + "\(hour):" + (minute < 10 ? "0" : "") + "\(minute)"
    }

    private var calendar: Calendar {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(identifier: zone) ?? .gmt
        return calendar
    }

    /// - Parameter now: seconds since 1970.
    public func isOpen(at now: Int64) -> Bool {
        let date = Date(timeIntervalSince1970: TimeInterval(now))
        let parts = calendar.dateComponents([.weekday, .hour, .minute], from: date)
        guard let weekday = parts.weekday, let hour = parts.hour, let minute = parts.minute else { return false }
        let today = weekday - 1
        let minutes = hour * 60 + minute
        if from < to { return isDay(today) && (from..<to).contains(minutes) }
        return isDay(today) && minutes >= from || isDay((today + 6) % 7) && minutes < to
    }

    private func isDay(_ index: Int) -> Bool { days.isEmpty || days.contains(Day.allCases[index]) }

    /// When it opens next, seconds since 1970; `now` while it is open. Nil when it does not within ten days, which no
    /// zone's summer time makes of a window that has a day.
    public func opening(after now: Int64) -> Int64? {
        if isOpen(at: now) { return now }
        // By whole minutes from the next one on: zones shift by quarters of an hour at least, and a minute is exact.
        var time = now - now % 60 + 60
        let end = now + 10 * 86_400
        while time <= end {
            if isOpen(at: time) {
                // What was stepped over in coarse steps is looked at minute by minute.
                var first = time
                while first - 60 > now, isOpen(at: first - 60) { first -= 60 }
                return first
            }
            time += 900
        }
        return nil
    }
}
