import Testing

@testable import Gateway

@Suite("Times in headers")
struct HTTPDateTests {
    @Test(
        "what is no time is nil",
        arguments: [
            "", "now", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 06 Nov 1994 08:49:37 +0000",
            "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 32 Nov 1994 08:49:37 GMT", "Sun, 31 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nix 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Nov 1994 08:60:37 GMT", "Sun, 06 Nov 1994 08:49:3 GMT",
            "Sun, -6 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994  08:49:37 GMT", "Sun 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT ",
            "Sun, 06 Nov 9999999999999999999 08:49:37 GMT",
        ])
    func refused(text: String) { #expect(HTTPDate.seconds(text) == nil) }

    @Test("a time is read in both spellings of its zone, and is the one that was written")
    func both() {
        #expect(HTTPDate.seconds("Sun, 06 Nov 1994 08:49:37 GMT") == 784_111_777)
        for second in [0, 1, 951_782_400, 1_700_000_000, 4_102_444_799] as [Int64] {
            let text = HTTPDate.text(second)
            #expect(HTTPDate.seconds(text) == second)
            #expect(HTTPDate.seconds(text.replacing("GMT", with: "UTC")) == second)
        }
    }
}
