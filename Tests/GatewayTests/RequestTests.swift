import NIOHPACK
import NIOHTTP1
import Testing

@testable import Gateway

@Suite("Heads of requests")
struct RequestTests {
    @Test("Names of fields are compared without regard to case")
    func names() {
        var head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/device")
        head.headers = [
            "X-ATS-Tags": "main,devel", "x-Ats-TARGET": "lmp-42", "RANGE": "bytes=0-1", "Content-Length": "12",
            "Transfer-Encoding": "chunked", "Expect": "100-continue", "connection": "close",
        ]
        let request = RequestHead(head)
        #expect(request.checkIn.tags == "main,devel")
        #expect(request.checkIn.target == "lmp-42")
        #expect(request.checkIn.ostreeHash == nil)
        #expect(request.range == "bytes=0-1")
        #expect(request.contentLength == 12)
        #expect(request.hasChunkedBody)
        #expect(request.expectsContinue)
        #expect(request.connection == "close")
    }

    @Test("A repeated x-ats-tags is one list, as HTTP says")
    func repeated() {
        var head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/device")
        head.headers.add(name: "x-ats-tags", value: "main")
        head.headers.add(name: "x-ats-tags", value: "../x")
        #expect(RequestHead(head).checkIn.tags == "main,../x")
    }

    @Test("An HTTP/2 head without method or path is none")
    func http2() {
        #expect(RequestHead(HPACKHeaders([(":method", "GET"), (":path", "/device"), ("x-ats-tags", "")]))?.checkIn.tags == "")
        #expect(RequestHead(HPACKHeaders([(":method", "GET")])) == nil)
        #expect(RequestHead(HPACKHeaders([(":path", "/")])) == nil)
    }

    @Test(
        "Escapes are decoded once, and never to a separator or a control character",
        arguments: [
            ("abc", "abc"), ("a%2Bb", "a+b"), ("a+b", "a+b"), ("%41", "A"), ("a%252fb", "a%2fb"), ("%2f", nil), ("%00", nil),
            ("%0a", nil), ("%5c", nil), ("%", nil), ("%4", nil), ("%g1", nil), ("%c0%ae", nil), ("%ff", nil), ("%7f", nil),
        ] as [(String, String?)])
    func escapes(text: String, decoded: String?) {
        #expect(PercentDecoding.decode(text[...]) == decoded)
    }

    @Test("A problem's text cannot break out of its JSON")
    func problems() throws {
        let problem = Problem(status: 400, slug: "x", detail: "a\"b\\c\u{0}\n\u{1F}é")
        guard case .bytes(let body) = problem.response.body else { return }
        #expect(String(buffer: body).contains(#""detail":"a\"b\\c\u0000\u000a\u001fé""#))
    }

    @Test("Dates are written as HTTP wants them")
    func dates() {
        #expect(HTTPDate.text(784_111_777) == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(HTTPDate.text(0) == "Thu, 01 Jan 1970 00:00:00 GMT")
    }
}
