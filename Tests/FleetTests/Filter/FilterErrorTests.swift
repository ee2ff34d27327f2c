import Fleet
import Testing

@Suite struct FilterErrorTests {
    /// What is written, the character of the error, and what its message must say.
    static let hostile: [(text: String, position: Int, says: String)] = [
        ("", 1, "expected a condition"),
        ("   ", 4, "expected a condition"),
        ("tag=", 5, "expected a value after `=`"),
        ("tag=main and label.site=", 25, "expected a value after `=`, found the end"),
        ("tag==main", 5, "expected a value after `=`, found `=`"),
        ("tag=main and", 13, "expected a condition"),
        ("and tag=main", 1, "expected a condition"),
        ("tag=main or or tag=x", 13, "expected a condition"),
        ("tag=main tag=x", 10, "expected `and`, `or` or the end, found `tag`"),
        ("tag=main && online", 10, "expected `and`, `or` or the end, found `&&`"),
        ("(tag=main", 10, "the `)` of the `(` at character 1"),
        ("tag=main)", 9, "this `)` has no `(`"),
        ("()", 2, "expected a condition"),
        ("(((", 4, "expected a condition"),
        ("not", 4, "expected a condition"),
        ("not and", 5, "expected a condition"),
        ("has", 4, "expected an attribute after `has`"),
        ("has denied", 5, "write `denied=true`"),
        ("has \"tag\"", 5, "expected an attribute"),
        ("tag in main", 8, "expected `(` after `in`"),
        ("tag in ()", 9, "expected a value after `(`"),
        ("tag in (a,)", 11, "expected a value after `,`"),
        ("tag in (a b)", 11, "expected `,` or `)`"),
        ("tag in (a", 10, "expected `,` or `)`"),
        ("lastSeen in (7d)", 10, "`in` does not go with `lastSeen`"),
        ("tga=main", 1, "did you mean `tag`?"),
        ("updateName=42", 1, "did you mean `update`?"),
        ("labels.site=oslo", 1, "did you mean `label.<key>`?"),
        ("tag=a and zzz=1", 11, "attributes: uuid, name"),
        ("label.=x", 1, "a label's key"),
        ("label=x", 1, "did you mean `label.<key>`?"),
        ("tag<main", 4, "`<` does not go with `tag`"),
        ("status~idl", 7, "`~` does not go with `status`"),
        ("status=idel", 8, "unknown, idle, updating, failed"),
        ("status=i*", 8, "expected one of"),
        ("channel=production", 9, "ci, prod"),
        ("online=yes", 8, "expected true or false, found `yes`"),
        ("online>true", 7, "`>` does not go with `online`"),
        ("version=4x", 9, "expected a whole number"),
        ("version>1234567890123456789", 9, "at most 18 digits"),
        ("version=-1", 9, "expected a whole number"),
        ("lastSeen<7", 10, "expected a duration such as 7d"),
        ("lastSeen<7y", 10, "units s m h d w"),
        ("lastSeen<-7d", 10, "expected a duration"),
        ("lastSeen<36501d", 10, "at most 36500d"),
        ("lastSeen<999999999999999999w", 10, "at most 36500d"),
        ("lastSeen=7d", 10, "a duration goes with"),
        ("createdAt<2026-02-30", 11, "expected a duration"),
        ("createdAt<2026-02-03T24:00:00Z", 11, "expected a duration"),
        ("createdAt<2026-02-03T12:00:00", 11, "expected a duration"),
        ("createdAt<2026-02-03T12:00:00.5Z", 11, "expected a duration"),
        ("createdAt<0000-01-01", 11, "expected a duration"),
        ("createdAt<0001-01-01T00:00:00+01:00", 11, "expected a duration"),
        ("tag=\"main", 5, "the quotes that begin here never end"),
        ("tag=\"main\\", 10, "after `\\`"),
        ("tag=\"ma\\nin\"", 8, "expected `\"`, `\\` or `*` after `\\`"),
        ("tag=\"a\u{0}\"", 7, "no control characters"),
        ("tag=ma\\in", 7, "only between quotes"),
        ("tag!main", 4, "`!` stands only in `!=`"),
        ("tag=a\u{0}", 6, "U+0 is not possible"),
        ("tag=a\u{202F}b", 6, "U+202F is not possible"),
        ("å=1 or ñ", 1, "there is no attribute `å`"),
        ("name=\"åæø\" nand", 12, "expected `and`"),
        ("tag=a,b", 6, "expected `and`, `or` or the end"),
        ("tag=a; drop table devices", 8, "expected `and`"),
        ("tag=a' or '1'='1", 11, "there is no attribute"),
    ]

    @Test("an error says at which character it stands and what was expected", arguments: hostile)
    func position(text: String, position: Int, says: String) {
        #expect {
            try Filter(text)
        } throws: {
            guard let error = $0 as? FleetError else { return false }
            let isRight =
                error.code == .filterInvalid && error.position == position && error.message.hasPrefix("character \(position): ")
                && error.message.contains(says)
            if !isRight { Issue.record("\(error.message)") }
            return isRight
        }
    }

    @Test("a filter of 4096 bytes is read and one of 4097 refused")
    func bytes() throws {
        let longest = "tag=" + String(repeating: "a", count: 4092)
        #expect(try Filter(longest).description == longest)
        #expect { try Filter(longest + "a") } throws: { "\($0)".contains("at most 4096") }
    }

    @Test("a filter that would be longer than 4096 bytes in canonical form is refused")
    func canonicalBytes() {
        let text = Array(repeating: "createdAt<2026-01-01", count: 150).joined(separator: " or ")
        #expect(text.utf8.count < 4096)
        #expect { try Filter(text) } throws: { "\($0)".contains("written out in full") }
    }

    @Test("32 levels of parentheses are read and 33 refused")
    func depth() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "(", count: depth) + "tag=a" + String(repeating: ")", count: depth)
        }
        #expect(try Filter(nested(32)).description == "tag=a")
        #expect { try Filter(nested(33)) } throws: { ($0 as? FleetError)?.position == 34 && "\($0)".contains("deeper than 32") }
        #expect { try Filter(nested(2000)) } throws: { "\($0)".contains("deeper than 32") }
        #expect(try Filter(String(repeating: "not ", count: 32) + "tag=a").description.hasSuffix("not tag=a"))
        #expect { try Filter(String(repeating: "not ", count: 33) + "tag=a") } throws: { "\($0)".contains("deeper than 32") }
    }

    @Test("256 comparisons and values are read and 257 refused")
    func terms() throws {
        let list = Array(repeating: "a", count: 256).joined(separator: ",")
        #expect(throws: Never.self) { try Filter("tag in (\(list))") }
        #expect { try Filter("tag in (\(list),a)") } throws: { "\($0)".contains("more than 256") }
        let chain = Array(repeating: "has tag", count: 256).joined(separator: " or ")
        #expect(throws: Never.self) { try Filter(chain) }
        #expect { try Filter(chain + " or has tag") } throws: { "\($0)".contains("more than 256") }
    }

    @Test("whatever is thrown at it, a filter is read or refused with a character within the text", arguments: [1, 2, 3])
    func noise(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let pieces = [
            "and", "or", "not", "in", "has", "(", ")", ",", "=", "!=", "<", ">=", "~", "!", "\"", "\\", "*", " ", "tag", "lastSeen", "7d",
            "online", "true", "label.a", "version", "42", "é", "\u{0}", "\u{1F600}", "\u{301}", "2026-01-01",
        ]
        for _ in 0..<3_000 {
            let text = (0..<Int.random(in: 0...12, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }
                .joined(separator: Bool.random(using: &random) ? " " : "")
            do throws(FleetError) {
                let filter = try Filter(text)
                #expect((try? Filter(filter.description)) == filter, "\(text)")
            } catch {
                #expect((1...text.unicodeScalars.count + 1).contains(error.position ?? 0), "\(text): \(error)")
            }
        }
    }
}
