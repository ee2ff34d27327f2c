import Testing

@testable import OSTree

@Suite struct DeltaNameTests {
    @Test("a checksum has one spelling in ostree's base64")
    func base64() throws {
        let text = "eW2+YSU3PXo2SloghivrcN8acQ9ynR7wUIWUfXDy+Zk"
        let checksum = try #require(Checksum(base64: Array(text.utf8)))
        #expect(checksum.hex == "796dbe6125373d7a364a5a20862beb70df1a710f729d1ef05085947d70f2f999")
        #expect(checksum.base64 == text)
        #expect(Checksum(checksum.bytes) == checksum)
        for wrong in [
            "", String(text.dropLast()), text + "A", text + "=", text.dropLast() + "l", text.dropLast() + "/", text.dropLast() + "-",
            text.dropLast() + " ",
        ] {
            #expect(Checksum(base64: Array(wrong.utf8)) == nil, "\(wrong)")
        }
        for byte in UInt8.min...UInt8.max {
            let checksum = try #require(Checksum([UInt8](repeating: byte, count: 32)))
            #expect(Checksum(base64: Array(checksum.base64.utf8)) == checksum)
        }
    }

    @Test("a delta's name is that of its directory and that in a list")
    func names() throws {
        let rest = "2+YSU3PXo2SloghivrcN8acQ9ynR7wUIWUfXDy+Zk-4FylHQJQhh6Tr2adtrRlT9X6BRDVD0Nl9gqg4AQzgGw"
        let name = try #require(DeltaName(folder: "eW", rest: rest))
        #expect(name.path == "deltas/eW/" + rest)
        #expect(DeltaName(listed: Array(name.description.utf8)[...]) == name)
        let scratch = try #require(DeltaName(folder: "4F", rest: String(rest.split(separator: "-")[1].dropFirst(2))))
        #expect(scratch == DeltaName(from: nil, to: name.to))
        #expect(DeltaName(listed: Array(scratch.description.utf8)[...]) == scratch)
        let wrong = [("", "eW" + rest), ("e", "W" + rest), ("eW", rest + "-"), ("eW", "-"), ("eW", ""), ("eW", rest + "-" + rest)]
        for (folder, rest) in wrong {
            #expect(DeltaName(folder: folder, rest: rest) == nil)
        }
    }
}
