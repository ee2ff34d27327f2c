import DeviceAuth

/// Puts devices into an order that looks like chance, is the same every time for one seed, and another for another: so
/// the first phase of two rollouts is not the same devices.
///
/// The place of a device is FNV-1a (64 bit) over the seed, a zero byte and the device's id, mixed by the finaliser of
/// SplitMix64; ties go by id.
struct SeededOrder {
    private let start: UInt64

    init(seed: String) { start = Self.hash(seed.utf8, from: 0xCBF2_9CE4_8422_2325) &* 0x100_0000_01B3 }

    func sorted(_ ids: [DeviceID]) -> [DeviceID] {
        ids.map { (place: place(of: $0), id: $0) }
            .sorted { $0.place != $1.place ? $0.place < $1.place : $0.id < $1.id }
            .map(\.id)
    }

    func place(of id: DeviceID) -> UInt64 {
        var value = Self.hash(id.text.utf8, from: start)
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    private static func hash(_ bytes: String.UTF8View, from start: UInt64) -> UInt64 {
        var value = start
        for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return value
    }
}
