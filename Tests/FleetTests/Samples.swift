import DeviceAuth
import Fleet
import Synchronization
import UpdateTree

func id(_ text: String) throws -> DeviceID { try DeviceID(text) }

func key(_ digit: Character) throws -> KeyFingerprint { try KeyFingerprint(hex: String(repeating: digit, count: 64)) }

func identity(_ name: String, key digit: Character = "a", isProduction: Bool = false) throws -> DeviceIdentity {
    DeviceIdentity(
        id: try DeviceID(name), factory: "factory", isProduction: isProduction, publicKeyPEM: "PEM \(digit)", key: try key(digit),
        notAfter: 4_000_000_000, serial: "1")
}

func update(_ name: String, channel: Channel = .ci, tag: String = "main") throws -> UpdateKey {
    UpdateKey(channel: channel, tag: try UpdateTree.Tag(tag), name: try UpdateName(name))
}

/// Seconds since 1970 that go on by one with every look, or only when they are told to.
final class Clock: Sendable {
    private let seconds: Mutex<Int64>
    private let step: Int64
    init(_ seconds: Int64 = 1_000, step: Int64 = 1) {
        self.seconds = Mutex(seconds)
        self.step = step
    }
    func now() -> Int64 {
        seconds.withLock {
            $0 += step; return $0
        }
    }
    func pass(_ more: Int64) { seconds.withLock { $0 += more } }
}

/// SplitMix64: the same seed gives the same run.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
