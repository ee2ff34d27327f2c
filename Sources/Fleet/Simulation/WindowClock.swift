/// When a rollout may offer its update. Remembers the opening that it found last: calendars are slow.
struct WindowClock {
    private let window: TimeWindow?
    private var known: Range<Int64>?

    init(_ window: TimeWindow?) { self.window = window }

    /// `time` while the window is open, else its next opening; nil when there is none within ten days.
    mutating func opening(after time: Int64) -> Int64? {
        guard let window else { return time }
        if let known, known.contains(time) { return time }
        guard let begin = window.opening(after: time) else { return nil }
        // To the quarter of an hour at which it is shut again, within a day.
        var end = begin - begin % 900 + 900
        while end < begin + 86_400, window.isOpen(at: end) { end += 900 }
        known = begin..<end
        return begin
    }

    /// Whether the window is open in one of these hours of the UTC day, within a week.
    static func meets(_ window: TimeWindow, from time: Int64) -> UInt32 {
        var mask: UInt32 = 0
        for quarter in 0..<Int64(7 * 96) {
            let moment = time - time % 900 + quarter * 900
            if window.isOpen(at: moment) { mask |= 1 << UInt32(ContactHours.hour(of: moment)) }
        }
        return mask
    }
}
