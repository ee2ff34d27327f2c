/// When the next sync begins: after the interval, moved by up to a tenth of it, so that a thousand sites that were
/// switched on together do not ask together.
public struct SyncSchedule: Sendable {
    public static let least: Duration = .seconds(60)

    public let interval: Duration
    private var random: SplitMix

    /// - Parameter seed: the same seed gives the same times.
    public init(every interval: Duration, seed: UInt64) {
        self.interval = max(interval, Self.least)
        random = SplitMix(state: seed)
    }

    /// Until the first sync: a tenth of the interval at most.
    public mutating func first() -> Duration { interval / 10 * fraction() }

    /// Until the next one, 0.9 to 1.1 times the interval.
    public mutating func next() -> Duration { interval * (0.9 + 0.2 * fraction()) }

    private mutating func fraction() -> Double { Double.random(in: 0..<1, using: &random) }
}

/// A small generator of numbers that a seed determines (Steele et al., "Fast splittable pseudorandom number generators").
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
