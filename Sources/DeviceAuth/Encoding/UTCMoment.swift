import SwiftASN1

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A moment in whole seconds, to and from the two times of X.509 (RFC 5280 §4.1.2.5).
///
/// Only whole seconds are kept, as in certificates. The calendar arithmetic is the proleptic Gregorian one, counted
/// in eras of 400 years that begin on the first of March, so the leap day is the last day of a year.
struct UTCMoment: Hashable, Sendable, Comparable {
    let seconds: Int64

    init(seconds: Int64) { self.seconds = seconds }

    /// Dates outside the years 1 to 9999 are moved to the nearer end.
    init(_ date: Date) {
        let interval = date.timeIntervalSince1970
        seconds = Int64(interval.isNaN ? 0 : min(max(interval, -62_135_596_800), 253_402_300_799).rounded(.down))
    }

    init(derEncoded node: ASN1Node) throws {
        switch node.identifier {
        case UTCTime.defaultIdentifier:
            let time = try UTCTime(derEncoded: node)
            self.init(time.year, time.month, time.day, time.hours, time.minutes, time.seconds)
        default:
            let time = try GeneralizedTime(derEncoded: node)
            self.init(time.year, time.month, time.day, time.hours, time.minutes, time.seconds)
        }
    }

    private init(_ year: Int, _ month: Int, _ day: Int, _ hours: Int, _ minutes: Int, _ seconds: Int) {
        let marchYear = month <= 2 ? year - 1 : year
        let era = (marchYear >= 0 ? marchYear : marchYear - 399) / 400
        let yearOfEra = marchYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let days = era * 146_097 + dayOfEra - 719_468
        self.seconds = Int64(days * 86_400 + hours * 3_600 + minutes * 60 + seconds)
    }

    static func < (left: UTCMoment, right: UTCMoment) -> Bool { left.seconds < right.seconds }

    var date: Date { Date(timeIntervalSince1970: TimeInterval(seconds)) }

    /// `2031-05-06T07:08:09Z`
    var text: String {
        let parts = components
        func padded(_ value: Int, _ width: Int = 2) -> String {
            let digits = String(value)
            return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
        }
        return "\(padded(parts.year, 4))-\(padded(parts.month))-\(padded(parts.day))"
            + "T\(padded(parts.hours)):\(padded(parts.minutes)):\(padded(parts.seconds))Z"
    }

    func serialize(into coder: inout DER.Serializer) throws {
        let parts = components
        // RFC 5280 §5.1.2.4: UTCTime through 2049, GeneralizedTime from 2050.
        if (1950..<2050).contains(parts.year) {
            try coder.serialize(
                UTCTime(
                    year: parts.year, month: parts.month, day: parts.day, hours: parts.hours, minutes: parts.minutes,
                    seconds: parts.seconds))
        } else {
            try coder.serialize(
                GeneralizedTime(
                    year: parts.year, month: parts.month, day: parts.day, hours: parts.hours, minutes: parts.minutes,
                    seconds: parts.seconds, fractionalSeconds: 0))
        }
    }

    private var components: (year: Int, month: Int, day: Int, hours: Int, minutes: Int, seconds: Int) {
        var (days, rest) = Int(seconds).quotientAndRemainder(dividingBy: 86_400)
        if rest < 0 {
            rest += 86_400
            days -= 1
        }
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return (
            year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month: month,
            day: dayOfYear - (153 * marchMonth + 2) / 5 + 1,
            hours: rest / 3_600, minutes: rest / 60 % 60, seconds: rest % 60
        )
    }
}
