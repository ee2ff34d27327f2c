import StrictJSON
import Testing

/// One named defect each: what no document may hold.
struct HostileInput: CustomTestStringConvertible, Sendable {
    let name: String
    let bytes: [UInt8]
    let code: JSONError.Code

    init(_ name: String, _ text: String, _ code: JSONError.Code) {
        self.init(name, bytes: Array(text.utf8), code)
    }

    init(_ name: String, bytes: [UInt8], _ code: JSONError.Code) {
        self.name = name
        self.bytes = bytes
        self.code = code
    }

    var testDescription: String { name }

    static let all: [HostileInput] = structures + numbers + strings

    static let structures: [HostileInput] = [
        .init("nothing", "", .malformed),
        .init("only space", " \n\t\r", .malformed),
        .init("a byte order mark", bytes: [0xEF, 0xBB, 0xBF] + Array("{}".utf8), .malformed),
        .init("a member twice", #"{"a":1,"a":2}"#, .duplicateMember),
        .init("a member twice, once escaped", #"{"a":1,"\u0061":2}"#, .duplicateMember),
        .init("a member twice, deep inside", #"[{"x":{"":1,"":1}}]"#, .duplicateMember),
        .init("a second value", "{}{}", .trailingBytes),
        .init("a NUL behind the value", bytes: Array("{}".utf8) + [0], .trailingBytes),
        .init("a comma behind the value", "1,", .trailingBytes),
        .init("33 arrays", String(repeating: "[", count: 33) + String(repeating: "]", count: 33), .tooDeep),
        .init("33 objects", String(repeating: #"{"a":"#, count: 33) + "1" + String(repeating: "}", count: 33), .tooDeep),
        .init("a million arrays", String(repeating: "[", count: 1_000_000), .tooDeep),
        .init("an open array", "[1", .malformed),
        .init("an open object", #"{"a":1"#, .malformed),
        .init("a comma at the end of an array", "[1,]", .malformed),
        .init("a comma at the end of an object", #"{"a":1,}"#, .malformed),
        .init("a member without quotes", "{a:1}", .malformed),
        .init("a member without value", #"{"a"}"#, .malformed),
        .init("a comment", "/* */ 1", .malformed),
        .init("a word cut short", "tru", .malformed),
        .init("a word of another case", "True", .malformed),
        .init("not a number", "NaN", .malformed),
        .init("a vertical tab as space", "\u{0B}1", .malformed),
        .init("a no-break space", "\u{A0}1", .malformed),
        .init("a NUL first", bytes: [0] + Array("{}".utf8), .malformed),
    ]

    static let numbers: [HostileInput] = [
        .init("a fraction that is whole", "1.0", .numberNotInteger),
        .init("a fraction", "0.5", .numberNotInteger),
        .init("an exponent", "1e3", .numberNotInteger),
        .init("a capital exponent", "1E3", .numberNotInteger),
        .init("minus zero", "-0", .malformed),
        .init("minus zero point zero", "-0.0", .malformed),
        .init("a leading zero", "01", .malformed),
        .init("a negative leading zero", "-01", .malformed),
        .init("a plus", "+1", .malformed),
        .init("a minus alone", "-", .malformed),
        .init("a point first", ".5", .malformed),
        .init("a hexadecimal number", "0x10", .trailingBytes),
        .init("one above Int64", "9223372036854775808", .numberOutOfRange),
        .init("one below Int64", "-9223372036854775809", .numberOutOfRange),
        .init("a number of a thousand digits", String(repeating: "9", count: 1000), .numberOutOfRange),
    ]

    static let strings: [HostileInput] = [
        .init("an open string", #""abc"#, .malformed),
        .init("an escape at the end", #""abc\"#, .malformed),
        .init("an unknown escape", #""\x41""#, .malformed),
        .init("a short unicode escape", #""\u00""#, .malformed),
        .init("a unicode escape that is not hexadecimal", #""\u00g0""#, .malformed),
        .init("a high surrogate alone", #""\ud800""#, .malformed),
        .init("a low surrogate alone", #""\udc00""#, .malformed),
        .init("two high surrogates", #""\ud800\ud800""#, .malformed),
        .init("surrogates in the wrong order", #""\udc00\ud800""#, .malformed),
        .init("a high surrogate before a letter", #""\ud800A""#, .malformed),
        .init("a raw NUL", bytes: [0x22, 0x00, 0x22], .malformed),
        .init("a raw newline", "\"a\nb\"", .malformed),
        .init("a raw tab", "\"a\tb\"", .malformed),
        .init("a raw unit separator", bytes: [0x22, 0x1F, 0x22], .malformed),
        .init("a lone continuation byte", bytes: [0x22, 0x80, 0x22], .malformed),
        .init("an overlong slash", bytes: [0x22, 0xC0, 0xAF, 0x22], .malformed),
        .init("an encoded surrogate", bytes: [0x22, 0xED, 0xA0, 0x80, 0x22], .malformed),
        .init("a scalar beyond Unicode", bytes: [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], .malformed),
        .init("a sequence cut short", bytes: [0x22, 0xE2, 0x82, 0x22], .malformed),
        .init("a byte that no UTF-8 has", bytes: [0x22, 0xFF, 0x22], .malformed),
        .init("a member name that is not UTF-8", bytes: Array("{".utf8) + [0x22, 0xFF, 0x22] + Array(":1}".utf8), .malformed),
    ]
}

@Suite struct HostileJSONTests {
    @Test("hostile JSON is refused with its own error", arguments: HostileInput.all)
    func refused(input: HostileInput) {
        #expect { try JSONDocument(parsing: input.bytes) } throws: { ($0 as? JSONError)?.code == input.code }
    }

    @Test("every prefix of a document is refused")
    func prefixes() {
        let document = Array(#"{"a":[1,-2,true,null,"x\u00e9\ud83d\ude00"],"b":{"c":false}}"#.utf8)
        for length in 0..<document.count {
            #expect(throws: JSONError.self) { try JSONDocument(parsing: Array(document[..<length])) }
        }
        #expect(throws: Never.self) { try JSONDocument(parsing: document) }
    }

    @Test("a byte that a string must not hold is found wherever it stands in a long one")
    func positions() throws {
        for position in 0..<40 {
            for byte in [0x00, 0x1F, 0x0A, 0x5C, 0x80, 0xFF] as [UInt8] {
                var text = [UInt8](repeating: UInt8(ascii: "a"), count: 40)
                text[position] = byte
                #expect(throws: JSONError.self) { try JSONDocument(parsing: [0x22] + text + [0x22]) }
            }
            var text = [UInt8](repeating: 0x7F, count: 40)
            text[position] = 0x21
            #expect(try JSONDocument(parsing: [0x22] + text + [0x22]).root.string?.utf8.elementsEqual(text) == true)
            text[position] = 0x22
            #expect { try JSONDocument(parsing: [0x22] + text + [0x22]) } throws: { ($0 as? JSONError)?.code == .trailingBytes }
        }
    }
}
