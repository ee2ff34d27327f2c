import StrictJSON
import Testing

@Suite struct JSONLookingTests {
    private func document(_ text: String) throws -> JSONDocument { try JSONDocument(parsing: Array(text.utf8)) }

    @Test("a member is found behind others of any shape, also when its name is escaped")
    func members() throws {
        let root = try document(#"{"a":{"x":[1,{"y":2}]},"b":[],"\u0063":"found","d":true}"#).root
        #expect(root["c"]?.string == "found")
        #expect(root["d"]?.bool == true)
        #expect(root["a"]?["x"]?.elements?.last?["y"]?.integer == 2)
        #expect(root["e"] == nil)
        #expect(root["b"]?["a"] == nil)
        #expect(root.members?.map(\.name) == ["a", "b", "c", "d"])
    }

    @Test("a value of one kind is not read as another")
    func kinds() throws {
        let values = try #require(try document(#"[1,"1",true,null,[],{}]"#).root.elements)
        #expect(values.map { $0.integer != nil } == [true, false, false, false, false, false])
        #expect(values.map { $0.string != nil } == [false, true, false, false, false, false])
        #expect(values.map { $0.bool != nil } == [false, false, true, false, false, false])
        #expect(values.map(\.isNull) == [false, false, false, true, false, false])
        #expect(values.map(\.isArray) == [false, false, false, false, true, false])
        #expect(values.map(\.isObject) == [false, false, false, false, false, true])
    }

    @Test("a value's range is its bytes and no blank around them")
    func ranges() throws {
        let text = #" { "a" : [ 1 , 2 ] } "#
        let root = try document(text).root
        let array = try #require(root["a"])
        #expect(String(decoding: Array(text.utf8)[array.range], as: UTF8.self) == "[ 1 , 2 ]")
        #expect(String(decoding: Array(text.utf8)[root.range], as: UTF8.self) == #"{ "a" : [ 1 , 2 ] }"#)
    }

    @Test("the contents by index are those by name")
    func contents() throws {
        let document = try document(#"{"a":-9223372036854775808,"b":"\n","c":[7]}"#)
        let found = document.withContents { contents in
            let first = contents.inside(document.root.position)
            let second = contents.behind(first + 1)
            let third = contents.behind(second + 1)
            return (
                contents.integer(first + 1), contents.text(first, is: "a"), contents.text(first, is: "b"),
                contents.decoded(second + 1), contents.count(third + 1), contents.integer(contents.inside(third + 1))
            )
        }
        #expect(found == (.min, true, false, [0x0A], 1, 7))
    }
}
