import StrictJSON
import Testing

@Suite struct CanonicalJSONTests {
    private func canonical(_ text: String, _ escaping: CanonicalJSON.Escaping) throws -> String {
        String(decoding: CanonicalJSON.bytes(of: try JSONValue(parsing: Array(text.utf8)), escaping), as: UTF8.self)
    }

    @Test("members are sorted by their bytes, not by how they look, and blanks go")
    func order() throws {
        let text = #" { "b" : 1 , "a" : [ true , null ] , "B" : -5 , "é" : "" , "z" : {} } "#
        #expect(try canonical(text, .minimal) == #"{"B":-5,"a":[true,null],"b":1,"z":{},"é":""}"#)
    }

    @Test("the minimal form escapes quotation mark and backslash alone, the ordinary one control characters too")
    func escapes() throws {
        let text = #""\"\\\/\b\f\n\r\t\u001f\u0041é""#
        #expect(try canonical(text, .minimal) == "\"\\\"\\\\/\u{8}\u{C}\n\r\t\u{1F}Aé\"")
        #expect(try canonical(text, .ordinary) == #""\"\\/\b\f\n\r\t\u001fAé""#)
    }

    private static let documents: [(String, Irregularities)] = [
        (#"{"a":1,"b":[2]}"#, []), (#"{"a": 1}"#, .space), (#"{"b":1,"a":1}"#, .unsorted), (#"["\n"]"#, .escapes),
        (#"[{"\u0061":1}]"#, .escapes), (#"[{"a":{"c":1,"b":"\\"}} ]"#, [.space, .unsorted, .escapes]),
    ]

    @Test("a document knows in what it differs from its compact, sorted form", arguments: documents)
    func irregularities(text: String, expected: Irregularities) throws {
        #expect(try JSONDocument(parsing: Array(text.utf8)).root.irregularities == expected)
    }

    @Test("a document without irregularities is its own canonical form")
    func regular() throws {
        let text = #"{"a":[1,-2,"x"],"b":{"":null,"c":false}}"#
        let document = try JSONDocument(parsing: Array(text.utf8))
        #expect(document.root.irregularities.isEmpty)
        #expect(CanonicalJSON.bytes(of: document.root.value, .minimal) == document.bytes)
    }
}
