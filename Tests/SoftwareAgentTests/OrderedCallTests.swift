import Snaps
import Testing

@testable import SoftwareAgent

@Suite("What an order asks of snapd")
struct OrderedCallTests {
    private func call(_ action: SnapAction, _ data: String?) throws -> SnapdCall {
        try SnapdCall(ordered: SnapRequest(id: "1", action: action, snap: "hello", data: data))
    }

    private func text(_ call: SnapdCall) -> String {
        guard case .json(let bytes)? = call.body else { return "" }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test(
        "data that an action cannot use is refused and not passed on",
        arguments: [
            (SnapAction.restart, Optional("{")), (.restart, #"{"services":["a/b"]}"#), (.logs, #"{"limit":0}"#), (.logs, #"{"url":"x"}"#),
            (.logs, "all"),
            (.setconf, "x"), (.setconf, nil),
        ] as [(SnapAction, String?)])
    func refused(action: SnapAction, data: String?) {
        #expect { try call(action, data) } throws: { ($0 as? SoftwareAgentError)?.code == .orderInvalid }
    }

    @Test(
        "services are named as existing servers do it, or in plain words; without any the whole snap is meant",
        arguments: [
            (nil, #"["hello"]"#), (#"{"services":[]}"#, #"["hello"]"#),
            (#"{"services":["hello.web","hello.db"]}"#, #"["hello.web","hello.db"]"#),
            ("hello.web, hello.db", #"["hello.web","hello.db"]"#),
        ] as [(String?, String)])
    func services(data: String?, names: String) throws {
        #expect(try text(call(.restart, data)) == #"{"action":"restart","names":\#(names)}"#)
    }

    @Test(
        "lines of the log are counted by a number or by an object with a limit",
        arguments: [("7", 7), (#"{"limit":7}"#, 7), (nil, 100)] as [(String?, Int)])
    func lines(data: String?, count: Int) throws {
        #expect(try call(.logs, data).path == "/v2/logs?n=\(count)&names=hello")
    }
}
