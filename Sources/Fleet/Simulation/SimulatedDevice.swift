import DeviceAuth

/// A device as a simulation sees it.
public struct SimulatedDevice: Sendable {
    public let id: DeviceID
    /// Seconds since 1970; 0 when it was never seen.
    public let lastSeen: Int64
    /// In which hours it was seen lately.
    public let hours: ContactHours
    public let eligibility: Eligibility
    /// What it runs; nil when it has not told.
    public let target: String?

    public init(id: DeviceID, lastSeen: Int64, hours: ContactHours, eligibility: Eligibility, target: String? = nil) {
        self.id = id
        self.lastSeen = lastSeen
        self.hours = hours
        self.eligibility = eligibility
        self.target = target
    }

    init(_ entry: DeviceEntry, eligibility: Eligibility, target: String?) {
        self.init(id: entry.id, lastSeen: entry.lastSeen, hours: entry.contactHours, eligibility: eligibility, target: target)
    }

    /// The hours of the day in which it is expected: those in which it was seen lately, or else the one in which it was seen last.
    var habit: UInt32 {
        if hours.mask != 0 { return hours.mask }
        return lastSeen > 0 ? 1 << UInt32(ContactHours.hour(of: lastSeen)) : 0
    }

    /// When it makes contact next, seconds since 1970; nil when it has no habit.
    func contact(after time: Int64) -> Int64? {
        let habit = habit
        guard habit != 0 else { return nil }
        let hour = ContactHours.hour(of: time)
        if habit & 1 << UInt32(hour) != 0 { return time }
        let begin = time - time % 3_600
        return (1...24).first { habit & 1 << UInt32((hour + $0) % 24) != 0 }.map { begin + Int64($0) * 3_600 }
    }
}
