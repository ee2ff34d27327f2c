/// The hours of the UTC day in which a device was seen, this week and in the week before it: 24 bits each, and the week.
///
/// One number, so that a contact notes it without a lock.
public struct ContactHours: Equatable, Sendable {
    /// Bits 0 to 23: this week; 24 to 47: the week before; 48 to 63: the week, counted from 1970.
    public let bits: UInt64

    private static let day: UInt64 = (1 << 24) - 1
    private static let secondsOfWeek: Int64 = 7 * 86_400

    public init(bits: UInt64 = 0) { self.bits = bits }

    /// Hours 0 to 23 of both weeks, as a mask.
    public var mask: UInt32 { UInt32((bits | bits >> 24) & Self.day) }

    public func contains(hour: Int) -> Bool { mask & 1 << UInt32(hour) != 0 }

    public static func hour(of seconds: Int64) -> Int { Int((seconds % 86_400 + 86_400) % 86_400 / 3_600) }

    /// With a contact at that time. A clock that was put back adds its hour to this week.
    public func seen(at seconds: Int64) -> ContactHours {
        let hour = UInt64(1) << UInt64(Self.hour(of: seconds))
        let week = UInt64(max(0, seconds) / Self.secondsOfWeek) & 0xFFFF
        let known = bits >> 48
        let weeks = bits & (1 << 48 - 1)
        if week <= known { return ContactHours(bits: bits | hour) }
        let before = week == known + 1 ? (weeks & Self.day) << 24 : 0
        return ContactHours(bits: week << 48 | before | hour)
    }
}
