import DeviceAuth
import Testing

@testable import Fleet

@Suite("Hours of contact")
struct ContactHoursTests {
    private static let week: Int64 = 7 * 86_400
    /// A week's beginning.
    private static let start = 2_900 * week

    @Test("hours of this week and of the week before are kept, older ones are not")
    func weeks() {
        let first = ContactHours().seen(at: Self.start + 3 * 3_600).seen(at: Self.start + 86_400 + 5 * 3_600 + 59)
        #expect(first.mask == 1 << 3 | 1 << 5)
        let second = first.seen(at: Self.start + Self.week + 23 * 3_600)
        #expect(second.mask == 1 << 3 | 1 << 5 | 1 << 23)
        let third = second.seen(at: Self.start + 2 * Self.week)
        #expect(third.mask == 1 << 23 | 1)
        #expect(third.seen(at: Self.start + 5 * Self.week + 3_600).mask == 1 << 1)
    }

    @Test("the same hour again changes nothing, and a clock that was put back forgets nothing")
    func again() {
        let hours = ContactHours().seen(at: Self.start + 3 * 3_600)
        #expect(hours.seen(at: Self.start + 2 * 86_400 + 3 * 3_600 + 1) == hours)
        #expect(hours.seen(at: Self.start - Self.week + 4 * 3_600).mask == 1 << 3 | 1 << 4)
        #expect(ContactHours().seen(at: -1).mask == 1 << 23)
    }

    @Test("a device's entry notes them with its contacts, from what was stored on, and hands them to be written")
    func entry() throws {
        let stored = ContactHours().seen(at: Self.start)
        let entry = DeviceEntry(DeviceState(id: try id("a"), channel: .ci, createdAt: 1), lastSeen: Self.start, contactHours: stored)
        entry.see(at: Self.start + 7 * 3_600)
        #expect(entry.contactHours.mask == 1 | 1 << 7)
        #expect(entry.dequeue().contactHours == entry.contactHours)
    }
}
