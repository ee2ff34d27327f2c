/// A set of small numbers, one bit each.
struct SlotSet: Sendable {
    private var words: [UInt64]

    init(capacity: Int) { words = Array(repeating: 0, count: (capacity + 63) / 64) }

    mutating func insert(_ slot: UInt32) { words[Int(slot >> 6)] |= 1 << UInt64(slot & 63) }

    mutating func formIntersection(_ other: SlotSet) { for index in words.indices { words[index] &= other.words[index] } }

    mutating func formUnion(_ other: SlotSet) { for index in words.indices { words[index] |= other.words[index] } }

    func forEach(_ body: (Int) -> Void) {
        for (index, word) in words.enumerated() {
            var rest = word
            while rest != 0 {
                body(index << 6 + rest.trailingZeroBitCount)
                rest &= rest - 1
            }
        }
    }
}
