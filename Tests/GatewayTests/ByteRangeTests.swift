import Testing

@testable import Gateway

@Suite("Byte ranges")
struct ByteRangeTests {
    @Test(
        "One range is honoured as RFC 9110 says",
        arguments: [
            ("bytes=0-0", ByteRange.part(0..<1)), ("bytes=0-99", .part(0..<100)), ("bytes=0-1000", .part(0..<100)),
            ("bytes=10-", .part(10..<100)), ("bytes=-10", .part(90..<100)), ("bytes=-1000", .part(0..<100)),
            ("bytes=99-", .part(99..<100)), ("bytes=100-", .unsatisfiable), ("bytes=100-200", .unsatisfiable),
            ("bytes=-0", .unsatisfiable),
        ] as [(String, ByteRange)])
    func honoured(header: String, expected: ByteRange) {
        #expect(ByteRange(header, size: 100) == expected)
    }

    @Test(
        "What need not be honoured gives the whole file",
        arguments: [
            "bytes=5-4", "bytes=0-1,5-6", "items=0-1", "bytes=", "bytes=-", "bytes=a-b", "bytes=+1-2", "bytes= 1-2",
            "bytes=1-2-3", "bytes=99999999999999999999-", "bytes=0x1-2", "0-1",
        ])
    func ignored(header: String) {
        #expect(ByteRange(header, size: 100) == .whole)
    }

    @Test("An empty file has no satisfiable range")
    func empty() {
        #expect(ByteRange("bytes=0-", size: 0) == .unsatisfiable)
        #expect(ByteRange("bytes=-5", size: 0) == .unsatisfiable)
        #expect(ByteRange(nil, size: 0) == .whole)
    }
}
