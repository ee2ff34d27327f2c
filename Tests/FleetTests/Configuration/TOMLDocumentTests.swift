import Testing

@testable import Fleet

@Suite("TOML that is merged by key")
struct TOMLDocumentTests {
    @Test(
        "what is no TOML is refused, with its line",
        arguments: [
            ("a", 1), ("= 1", 1), ("a = ", 1), ("a = b", 1), ("a = \"x", 1), ("\n\na = 'x", 3), ("a = \"\\q\"", 1), ("a = \"\\u12\"", 1),
            ("a = [1, 2", 1), ("a = {b = 1", 1), ("a = 1 2", 1), ("a = 1\na = 2", 2), ("[t]\n[t]", 2), ("[t", 1), ("[]", 1),
            ("a.b = 1\na = 2", 2),
            ("a = 1\na.b = 2", 2), ("a = 1\n[a]", 2), ("[[t]]\nx = 1", 1), ("a = \"\"\"\nx", 2), ("a b = 1", 1), ("[a]b", 1),
            ("a = [1 2]", 1),
            ("a = 1, b = 2", 1),
        ])
    func refused(text: String, line: Int) {
        do throws(TOMLError) {
            let document = try TOMLDocument(text)
            Issue.record("\(text.debugDescription) was read: \(document.entries)")
        } catch {
            #expect(error.line == line, "\(text.debugDescription): \(error.reason)")
        }
    }

    @Test("arrays in arrays and keys have an end")
    func deep() {
        #expect(throws: TOMLError.self) { try TOMLDocument("a = " + String(repeating: "[", count: 100_000)) }
        #expect(throws: TOMLError.self) { try TOMLDocument(String(repeating: "a.", count: 100) + "b = 1") }
        #expect(throws: Never.self) { try TOMLDocument((0..<500).map { "k\($0) = 1\n" }.joined()) }
        #expect(throws: TOMLError.self) { try TOMLDocument((0..<501).map { "k\($0) = 1\n" }.joined()) }
    }

    @Test("values of every type are kept as they were written")
    func verbatim() throws {
        let values = [
            "\"a # b\"", "'c:\\d'", "\"\"\"two\n\\\"lines\"\"\"\"", "'''\n'one' '''", "1_000", "-0x1F", "6.5e-3", "+inf", "true",
            "1979-05-27T07:32:00Z", "1979-05-27 07:32:00.5", "07:32:00", "[1, 'a', # why\n [2.0]]", "{x = 1, y.z = \"}\"}", "[]", "{}",
            "\"\\u00E9\\n\"",
        ]
        let text = values.enumerated().map { "k\($0) = \($1) # comment\r\n" }.joined()
        let document = try TOMLDocument(text)
        #expect(document.entries.map(\.value) == values)
        #expect(try TOMLDocument(document.text) == document)
    }

    @Test("the later document wins key by key, in tables however they are written")
    func merged() throws {
        let base = try TOMLDocument("top = 1\n[pacman]\ntags = \"main\"\ndocker_apps = \"a,b\"\n[x.y]\nz = 1.0\n")
        let over = try TOMLDocument(
            "pacman.tags = \"devel\"\nx.\"y\".w = 2\nnew = true\n[\"odd key\"]\n'it''s' = 1\n".replacing("'it''s'", with: "'q\"'"))
        let merged = base.merging(over)
        #expect(
            merged.text == """
                top = 1
                new = true

                [pacman]
                tags = "devel"
                docker_apps = "a,b"

                [x.y]
                z = 1.0
                w = 2

                ["odd key"]
                "q\\"" = 1

                """)
        #expect(try TOMLDocument(merged.text) == TOMLDocument(merged.text).merging(TOMLDocument("")))
    }

    @Test("what is a table in one document and a value in the other is what the later one says")
    func kinds() throws {
        let table = try TOMLDocument("[a]\nb = 1\nc = 2\n")
        let value = try TOMLDocument("a = 5\n")
        #expect(table.merging(value).text == "a = 5\n")
        #expect(value.merging(table).text == "[a]\nb = 1\nc = 2\n")
        #expect(throws: Never.self) { try TOMLDocument(table.merging(value).merging(table).text) }
    }
}
