/// Durations in nanoseconds, kept to about one per cent in a fixed number of buckets.
///
/// Every power of two is divided into 64 steps, so adding is an increment and two histograms merge by adding their buckets.
struct LatencyHistogram: Sendable {
    private static let stepBits = 6
    private static let steps = 1 << stepBits
    /// 2⁴⁰ ns, about 18 minutes; anything longer is kept as that.
    private static let longest: UInt64 = 1 << 40

    private var buckets = [UInt32](repeating: 0, count: LatencyHistogram.bucket(of: LatencyHistogram.longest) + 1)
    private(set) var count = 0
    private(set) var maximum: UInt64 = 0

    mutating func record(_ nanoseconds: UInt64) {
        let value = min(nanoseconds, Self.longest)
        buckets[Self.bucket(of: value)] += 1
        count += 1
        maximum = max(maximum, value)
    }

    mutating func merge(_ other: LatencyHistogram) {
        for index in buckets.indices { buckets[index] += other.buckets[index] }
        count += other.count
        maximum = max(maximum, other.maximum)
    }

    /// The value below which `share` (0…1) of the recorded durations lie; 0 when nothing was recorded.
    func percentile(_ share: Double) -> UInt64 {
        guard count > 0 else { return 0 }
        let wanted = max(1, Int((Double(count) * share).rounded(.up)))
        var seen = 0
        for (index, occupancy) in buckets.enumerated() {
            seen += Int(occupancy)
            if seen >= wanted { return min(Self.middle(ofBucket: index), maximum) }
        }
        return maximum
    }

    private static func bucket(of value: UInt64) -> Int {
        guard value >= UInt64(steps) else { return Int(value) }
        let shift = (63 - value.leadingZeroBitCount) - stepBits
        return shift * steps + Int(value >> UInt64(shift))
    }

    private static func middle(ofBucket index: Int) -> UInt64 {
        guard index >= 2 * steps else { return UInt64(index) }
        let shift = index / steps - 1
        let low = UInt64(index - shift * steps) << UInt64(shift)
        return low + (1 << UInt64(shift)) / 2
    }
}
