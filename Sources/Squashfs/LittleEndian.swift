/// Numbers in bytes that were read; whether they are there is asked before.
extension RandomAccessCollection where Element == UInt8, Index == Int {
    /// The number of `count` bytes at `offset` from the start, the lowest byte first.
    func number(at offset: Int, bytes count: Int) -> UInt64 {
        var number: UInt64 = 0
        for place in 0..<count { number |= UInt64(self[startIndex + offset + place]) << UInt64(8 * place) }
        return number
    }

    func u16(_ offset: Int) -> UInt16 { UInt16(truncatingIfNeeded: number(at: offset, bytes: 2)) }
    func u32(_ offset: Int) -> UInt32 { UInt32(truncatingIfNeeded: number(at: offset, bytes: 4)) }
    func u64(_ offset: Int) -> UInt64 { number(at: offset, bytes: 8) }
}
