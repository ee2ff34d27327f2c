import Fleet
import Foundation
import Testing

@Suite struct EventBatchTests {
    private func batch(_ text: String) throws -> EventBatch { try EventBatch(parsing: Array(text.utf8)) }

    private func event(id: String = #""1""#, type: String = #"{"id":"EcuDownloadStarted","version":1}"#, body: String = "{}") -> String {
        #"{"id":\#(id),"eventType":\#(type),"event":\#(body)}"#
    }

    @Test("a body that is no array of JSON is refused", arguments: ["", "{}", "null", "1", "[", "[{]", "[1,", "\u{0}", "[\"\\ud800\"]x"])
    func noArray(text: String) {
        #expect { try batch(text) } throws: { ($0 as? FleetError)?.code == .reportInvalid }
    }

    @Test("a body that nests too deep is refused and harms nobody")
    func deep() {
        #expect(throws: FleetError.self) { try batch(String(repeating: "[", count: 100_000)) }
    }

    @Test(
        "a bad element is left out with a reason, and its neighbours are kept",
        arguments: [
            "null", "1", "[]", #""x""#, "{}", #"{"id":"1"}"#, #"{"id":1,"eventType":{"id":"x"},"event":{}}"#,
            #"{"id":"1","eventType":"x","event":{}}"#,
            #"{"id":"1","eventType":{"id":null},"event":{}}"#, #"{"id":"","eventType":{"id":"x"},"event":{}}"#,
            #"{"id":"1","eventType":{"id":""},"event":{}}"#,
        ])
    func badElement(text: String) throws {
        let batch = try batch("[\(event(id: #""a""#)),\(text),\(event(id: #""b""#))]")
        #expect(batch.events.map(\.id) == ["a", "b"])
        #expect(batch.ignored.count == 1)
        #expect(batch.ignored.first?.hasPrefix("event 1") == true)
    }

    @Test("ids, types and texts that are too long leave the event out")
    func tooLong() throws {
        let long = String(repeating: "x", count: 257)
        let texts = [
            event(id: "\"\(long)\""), event(type: #"{"id":"\#(long)"}"#), event(body: #"{"ecu":"\#(long)"}"#),
            event(body: #"{"targetName":"\#(long)"}"#),
            event(body: #"{"version":"\#(long)"}"#),
        ]
        let batch = try batch("[\(texts.joined(separator: ","))]")
        #expect(batch.events.isEmpty && batch.ignored.count == texts.count)
    }

    @Test("events beyond the bound are cut, and the answer says how many")
    func tooMany() throws {
        let all = (0..<EventBatch.mostEvents + 6).map { event(id: "\"\($0)\"") }
        let batch = try batch("[\(all.joined(separator: ","))]")
        #expect(batch.events.count == EventBatch.mostEvents)
        #expect(batch.ignored == ["6 events beyond the first \(EventBatch.mostEvents)"])
    }

    @Test(
        "success may be absent, null or of another type; then nobody knows",
        arguments: ["{}", #"{"success":null}"#, #"{"success":"true"}"#, #"{"success":1}"#])
    func success(body: String) throws { #expect(try batch("[\(event(body: body))]").events.first?.event.success == nil) }

    @Test(
        "a member of an unexpected type takes none of the others with it",
        arguments: [#""success":"yes""#, #""version":[]"#, #""ecu":{}"#, #""details":null"#])
    func oddMember(text: String) throws {
        let event = try #require(try batch("[\(event(body: #"{"correlationId":"43-x","targetName":"t",\#(text)}"#))]").events.first)
        #expect(event.event.correlationId == "43-x" && event.event.targetName == "t")
    }

    @Test(
        "an event without a body, or with members of unexpected types, is kept",
        arguments: [
            #"{"id":"1","eventType":{"id":"x"}}"#, #"{"id":"1","eventType":{"id":"x"},"event":null}"#,
            #"{"id":"1","eventType":{"id":"x"},"event":[]}"#,
            #"{"id":"1","deviceTime":17,"eventType":{"id":"x","version":"2"},"event":{"correlationId":[],"details":{"a":1}},"more":{}}"#,
        ])
    func lenient(text: String) throws { #expect(try batch("[\(text)]").events.map(\.id) == ["1"]) }

    @Test("true and false, numbers for texts, and details as text or as JSON in a string are read")
    func members() throws {
        let body = #"{"correlationId":"43-x","ecu":"e","success":false,"targetName":"t","version":43,"details":"{\"a\":\"b\"}"}"#
        let event = try #require(try batch("[\(event(body: body))]").events.first)
        #expect(event.event.success == false)
        #expect(event.event.version == "43")
        #expect(event.event.details == #"{"a":"b"}"#)
        #expect(event.correlation.text == "43-x")
    }

    @Test("details that are too long are cut, never in the middle of a character's rules")
    func details() throws {
        let long = String(repeating: "é", count: 3_000)
        let event = try #require(try batch("[\(event(body: #"{"details":"\#(long)"}"#))]").events.first)
        #expect((event.event.details?.utf8.count ?? 0) <= 4_096 + 2)
        #expect(event.event.details?.hasPrefix("ééé") == true)
    }

    @Test("a stored event is read back as it was", arguments: ["{}", #"{"success":true,"details":"a\nb"}"#])
    func roundTrip(body: String) throws {
        let event = try #require(try batch("[\(event(body: body))]").events.first)
        #expect(try JSONDecoder().decode(DeviceEvent.self, from: JSONEncoder().encode(event)) == event)
    }
}

@Suite struct ReportNameTests {
    static let hostile: [String] = [
        "", "/", "a/b", "../a", "a\0", "a b", "a\n", "ä", "a\u{301}", "a:b", "\u{212A}", "%2e", "~", "a,b",
        String(repeating: "a", count: 64),
    ]

    @Test("a hostile correlation id gathers under no name of its own", arguments: hostile)
    func correlation(text: String) throws {
        #expect(CorrelationID(text) == nil)
        let body = try JSONEncoder().encode([["id": text]])
        #expect(String(decoding: body, as: UTF8.self).isEmpty == false)
        let json = try JSONSerialization.data(withJSONObject: [["id": "1", "eventType": ["id": "x"], "event": ["correlationId": text]]])
        #expect(try EventBatch(parsing: Array(json)).events.first?.correlation == .unknown)
    }

    @Test(
        "versions with uuids, a leading -, ULIDs and 63 letters are correlation ids",
        arguments: [
            "43-0b8e4e1c-8b4e-4e1c-9f57-2d3a6a0c1b22", "-0b8e4e1c-8b4e-4e1c-9f57-2d3a6a0c1b22", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "1.2+3_4",
            String(repeating: "a", count: 63),
        ])
    func goodCorrelation(text: String) { #expect(CorrelationID(text)?.text == text) }

    @Test(
        "a hostile text names neither a test nor a file of one",
        arguments: hostile.dropLast() + ["..", ".", "-a", ".hidden", "_a", String(repeating: "a", count: 101)])
    func tests(text: String) {
        #expect(TestID(text) == nil)
        #expect(TestFileName(text) == nil)
    }

    @Test("the record of a test run cannot be written as one of its files")
    func record() {
        #expect(TestFileName("test.json") == nil)
        #expect(TestFileName("console.log")?.text == "console.log")
        #expect(TestID(TestID.random().text) != nil)
    }
}

@Suite struct RedactionTests {
    static let secrets = [
        "pin = \"1234\"", "PIN=\"1234\"", "pass = '1234'", "hsm_pin = \"1234\"", "hsm-pin = \"1234\"", "userpin = 1234",
        "a.b.password = \"1234\"",
        "\"pin\" = \"1234\"", "'pin' = \"1234\"", "  pin\t=\t\"1234\"", "\"my=pin\" = \"1234\"", "p11 = { module = \"x\", pin = \"1234\" }",
        "p11 = {pin=\"1234\"}", "list = [{ token = \"1234\" }]", "{ secret = \"1234\" },", "pass = \"\"\"\n1234\nmore 1234\"\"\"",
        "pass = '''\n1234\n'''",
        "pass = \"\"\"1234\n1234\"\"\"", "api_token = [\n  \"1234\",\n  \"1234\"\n]", "private_key = \"1234\"", "passphrase = \"1234\"",
        "pin = \"1234\"\r",
    ]

    @Test("no secret is shown, however it is written", arguments: secrets)
    func hidden(text: String) {
        let shown = Redaction.toml("before = 1\n\(text)\nafter = 2\n")
        #expect(!shown.contains("1234"))
        #expect(shown.hasPrefix("before = 1\n"))
        #expect(shown.hasSuffix("after = 2\n"))
        #expect(shown.contains("\"…\""))
    }

    @Test(
        "what is no secret stays as it is",
        arguments: [
            "", "\n", "[tls]\nserver = \"https://x:1\"\n", "# pin\n[pacman]\ntags = \"main\"\n", "pinned = true",
            "tokens_path = \"/x\"\nmode = 1",
        ])
    func kept(text: String) { #expect(Redaction.toml(text) == text) }
}
