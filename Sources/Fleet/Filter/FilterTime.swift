/// Times and durations as filters write them.
enum FilterTime {
    private static let units: [(letter: Character, seconds: Int64)] = [("s", 1), ("m", 60), ("h", 3600), ("d", 86_400), ("w", 604_800)]

    /// The years 1 to 9999: what can be written in four digits in every zone.
    private static let possible: ClosedRange<Int64> = -62_135_596_800...253_402_300_799

    /// A whole number and one of `s m h d w`. Nil when it is none, or longer than ``FilterLimits/longestDuration``.
    static func duration(_ text: String) -> Int64? {
        guard let letter = text.last, let unit = units.first(where: { $0.letter == letter }),
            let number = number(text.dropLast()), number <= FilterLimits.longestDuration / unit.seconds
        else { return nil }
        return number * unit.seconds
    }

    /// Digits alone.
    static func number(_ text: some StringProtocol) -> Int64? {
        guard (1...FilterLimits.mostDigits).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int64(text)
    }

    /// In the largest unit up to days that divides it.
    static func text(duration seconds: Int64) -> String {
        let unit = units.last { $0.letter != "w" && seconds != 0 && seconds % $0.seconds == 0 } ?? units[0]
        return "\(seconds / unit.seconds)\(unit.letter)"
    }

    /// RFC 3339 with whole seconds, or a date, which is its midnight in UTC. Seconds since 1970.
    static func time(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 10, let year = digits(bytes[0..<4]), bytes[4] == 0x2D, let month = digits(bytes[5..<7]),
            bytes[7] == 0x2D, let day = digits(bytes[8..<10]), (1...12).contains(month), day >= 1, day <= days(in: month, of: year)
        else { return nil }
        let midnight = daysSince1970(year, month, day) * 86_400
        if bytes.count == 10 { return possible.contains(midnight) ? midnight : nil }
        guard bytes.count >= 20, bytes[10] | 0x20 == 0x74, bytes[13] == 0x3A, bytes[16] == 0x3A, let hour = digits(bytes[11..<13]),
            let minute = digits(bytes[14..<16]), let second = digits(bytes[17..<19]), hour < 24, minute < 60, second < 60,
            let offset = offset(bytes[19...])
        else { return nil }
        let time = midnight + hour * 3600 + minute * 60 + second - offset
        return possible.contains(time) ? time : nil
    }

    static func text(time seconds: Int64) -> String {
        let day = (seconds >= 0 ? seconds : seconds - 86_399) / 86_400
        let (year, month, date) = civil(day)
        let rest = seconds - day * 86_400
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(date, 2))T"
            + "\(padded(rest / 3600, 2)):\(padded(rest / 60 % 60, 2)):\(padded(rest % 60, 2))Z"
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
    }

    private static func digits(_ bytes: ArraySlice<UInt8>) -> Int64? { number(String(decoding: bytes, as: UTF8.self)) }

    /// Seconds east of UTC of `Z` or `+hh:mm`.
    private static func offset(_ bytes: ArraySlice<UInt8>) -> Int64? {
        let bytes = Array(bytes)
        if bytes.count == 1, bytes[0] | 0x20 == 0x7A { return 0 }
        guard bytes.count == 6, bytes[0] == 0x2B || bytes[0] == 0x2D, bytes[3] == 0x3A, let hours = digits(bytes[1..<3]),
            let minutes = digits(bytes[4..<6]), hours < 24, minutes < 60
        else { return nil }
        return (hours * 3600 + minutes * 60) * (bytes[0] == 0x2D ? -1 : 1)
    }

    private static func days(in month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Years begin in March here, so that the leap day is their last; an era is 400 years, 146,097 days.
    private static func daysSince1970(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let year = yearOfEra + era * 400 + (month >= 10 ? 1 : 0)
        return (year, month < 10 ? month + 3 : month - 9, dayOfYear - (153 * month + 2) / 5 + 1)
    }
}
