import TUF
import Testing

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

@Suite struct MutationTests {
    private static let pieces: [[UInt8]] = [
        [0], [0xFF], [0xC0, 0x80], Array("\"".utf8), Array("\\".utf8), Array("{".utf8), Array("}".utf8), Array("[".utf8),
        Array("\\ud800".utf8), Array("\\u0000".utf8), Array("-".utf8), Array("99999999999999999999".utf8), Array("e9".utf8),
        Array(":".utf8), Array(",".utf8), Array("null".utf8), Array("-9223372036854775808".utf8),
    ]

    @Test("metadata with random damage are read or refused, never anything else", arguments: [UInt64(1), 20_260_131, .max])
    func damage(seed: UInt64) throws {
        let original = try Sample.targets("ci/main/43")
        var random = SeededGenerator(seed: seed)
        var refused = 0
        for _ in 0..<2_000 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...4, using: &random) { Self.damage(&bytes, &random) }
            do {
                _ = try TargetsMetadata(parsing: bytes)
            } catch {
                refused += 1
            }
        }
        // Most damage hits the structure; some hits a text and leaves a readable file.
        #expect(refused > 500, "seed \(seed)")
        #expect(refused < 2_000, "seed \(seed)")
    }

    private static func damage(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
        guard !bytes.isEmpty else { return }
        let position = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1: bytes.remove(at: position)
        case 2: bytes.insert(contentsOf: pieces[Int.random(in: 0..<pieces.count, using: &random)], at: position)
        case 3: bytes.removeLast(bytes.count - position)
        default:
            let length = min(bytes.count - position, Int.random(in: 1...64, using: &random))
            bytes.insert(contentsOf: bytes[position..<position + length], at: position)
        }
    }
}
