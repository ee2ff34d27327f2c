import StrictJSON
import Testing

@Suite struct JSONReadingTests {
    private func read(_ text: String) throws -> JSONValue { try JSONValue(parsing: Array(text.utf8)) }

    @Test("plain values are read as they stand")
    func values() throws {
        #expect(try read(" null ") == .null)
        #expect(try read("true") == .bool(true))
        #expect(try read("0") == .integer(0))
        #expect(try read("-1") == .integer(-1))
        #expect(try read("[ ]") == .array([]))
        #expect(try read("{ }") == .object([]))
        #expect(try read("\r\n[1 ,\t2]\n") == .array([.integer(1), .integer(2)]))
    }

    @Test("both ends of Int64 are read")
    func ends() throws {
        #expect(try read("9223372036854775807") == .integer(.max))
        #expect(try read("-9223372036854775808") == .integer(.min))
    }

    @Test("32 levels are read")
    func depth() throws {
        for (open, close) in [("[", "]"), (#"{"a":"#, "}")] {
            let text = String(repeating: open, count: 32) + "1" + String(repeating: close, count: 32)
            #expect(throws: Never.self) { try read(text) }
        }
    }

    @Test("all escapes are read, also pairs of surrogates and an escaped NUL")
    func escapes() throws {
        let value = try read(#""\"\\\/\b\f\n\r\t\u0000\u00E9\uD83D\uDE00""#)
        #expect(value == .string("\"\\/\u{8}\u{C}\n\r\t\u{0}é😀"))
    }

    @Test("members keep their order, and names that are only Unicode-equivalent are two")
    func bytesCount() throws {
        let value = try read("{\"\u{E9}\":1,\"e\u{301}\":2,\"K\":3,\"\u{212A}\":4}")
        #expect(value.members?.map(\.value) == [.integer(1), .integer(2), .integer(3), .integer(4)])
        #expect(value["e\u{301}"] == .integer(2))
        #expect(value["\u{212A}"] == .integer(4))
        #expect(JSONValue.string("\u{E9}") != .string("e\u{301}"))
    }
}
