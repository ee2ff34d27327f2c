import DeviceAuth
import Foundation
import Testing

@Suite struct DeviceIDTests {
    @Test(
        "a name that could leave its directory, or be no name, is not a device",
        arguments: [
            "", ".", "..", "...", "../x", "a/b", "/etc", "a\\b", "a b", " a", "a ", "-a", "_a", ".a", "a\0", "a\0b",
            "a\nb", "ä",
            "a\u{301}",
            "ａ", "a:b", "a*", "a%2f", String(repeating: "a", count: 49), "\u{202e}a",
        ])
    func refused(_ text: String) {
        #expect(throws: DeviceAuthError.self) { try DeviceID(text) }
        #expect((try? DeviceID(text)) == nil)
    }

    @Test(
        "letters, digits, dot, underscore and dash up to 48 characters name a device",
        arguments: [
            "a", "0", "A-b_c.d", "a..b", "a3c1f0de-8b4e-4e1c-9f57-2d3a6a0c1b22", String(repeating: "Z", count: 48),
        ])
    func accepted(_ text: String) throws {
        #expect(try DeviceID(text).text == text)
        #expect(try DeviceID(text[...]).description == text)
    }

    @Test("the refusal has its slug, is one line and does not repeat control characters")
    func message() throws {
        let error = try #require(throws: DeviceAuthError.self) {
            try DeviceID("a\n\u{1b}[31m" + String(repeating: "x", count: 1_000))
        }
        #expect(error.code == .deviceIDInvalid)
        #expect(error.code.rawValue == "device-id-invalid")
        #expect(error.code.category == .usage)
        #expect(error.message.unicodeScalars.allSatisfy { $0.value >= 0x20 })
        #expect(error.message.count < 300)
    }

    @Test("JSON carries a plain string, and decoding checks it")
    func coding() throws {
        let ids = [try DeviceID("pump-7")]
        #expect(String(decoding: try JSONEncoder().encode(ids), as: UTF8.self) == #"["pump-7"]"#)
        #expect(try JSONDecoder().decode([DeviceID].self, from: Data(#"["pump-7"]"#.utf8)) == ids)
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([DeviceID].self, from: Data(#"["../x"]"#.utf8)) }
    }

    @Test("devices sort by their names")
    func order() throws {
        #expect(try [DeviceID("b"), DeviceID("a"), DeviceID("B")].sorted().map(\.text) == ["B", "a", "b"])
    }

    @Test(
        "a fingerprint has one spelling",
        arguments: [
            "", "ab", String(repeating: "A", count: 64), String(repeating: "g", count: 64),
            String(repeating: "a", count: 63),
            String(repeating: "a", count: 65), String(repeating: "é", count: 32),
        ])
    func fingerprint(_ text: String) throws {
        #expect(throws: DeviceAuthError.self) { try KeyFingerprint(hex: text) }
        let right = String(repeating: "0a", count: 32)
        #expect(try KeyFingerprint(hex: right).hex == right)
    }

    @Test(
        "a serial number is read as tools print it",
        arguments: [
            ("0A:0b", "0a0b"), ("0x1", "01"), ("00ff", "ff"), ("7F", "7f"),
        ])
    func serial(_ text: String, _ expected: String) throws {
        #expect(try CertificateSerial(hex: text).hex == expected)
    }

    @Test(
        "what is no serial number is refused",
        arguments: ["", "0", "00:00", "xyz", "-1", "0x", String(repeating: "7f", count: 21)])
    func noSerial(_ text: String) {
        #expect(throws: DeviceAuthError.self) { try CertificateSerial(hex: text) }
    }
}
