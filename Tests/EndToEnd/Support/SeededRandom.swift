import Foundation

/// Random numbers that can be had again: the seed is printed, and `OTASERVE_SEED` sets it (SplitMix64).
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(for test: String) {
        let given = ProcessInfo.processInfo.environment["OTASERVE_SEED"].flatMap { UInt64($0) }
        state = given ?? UInt64.random(in: 1...UInt64(Int64.max))
        print("\(test): OTASERVE_SEED=\(state)")
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
