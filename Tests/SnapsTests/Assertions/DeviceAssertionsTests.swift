import Foundation
import Testing

@testable import Snaps

@Suite("The assertions of a device")
struct DeviceAssertionsTests {
    static let keyBytes: [UInt8] = Array("\u{1}a key of the tests".utf8)
    static let modelHeaders: [String] = [
        "type: model", "authority-id: acme", "series: 16", "brand-id: acme", "model: pump-24", "store: acme-store", "snaps:", "  -",
        "    name: pc", "    type: gadget", "timestamp: 2026-01-01T00:00:00Z", "sign-key-sha3-384: x",
    ]
    static let serialHeaders: [String] = [
        "type: serial", "authority-id: acme", "brand-id: acme", "model: pump-24", "serial: 0017", "device-key:",
        "    \(Data(keyBytes).base64EncodedString().prefix(8))", "    \(Data(keyBytes).base64EncodedString().dropFirst(8))",
        "device-key-sha3-384: \(SnapDigest(of: keyBytes))", "timestamp: 2026-01-01T00:00:00Z", "body-length: 2", "sign-key-sha3-384: x",
    ]

    static func text(_ headers: [String], body: String = "") -> String {
        headers.joined(separator: "\n") + "\n\n" + (body.isEmpty ? "" : body + "\n\n") + "AcLBc2lnbmF0dXJl\nc2lnbmF0dXJl\n"
    }

    static func body(_ model: [String] = modelHeaders, _ serial: [String] = serialHeaders) -> String {
        text(model) + "\n" + text(serial, body: "HW")
    }

    private func parse(_ text: String) throws -> DeviceAssertions { try DeviceAssertions(parsing: Array(text.utf8)) }

    private static func replaced(_ headers: [String], _ name: String, _ value: String?) -> [String] {
        headers.compactMap { $0.hasPrefix("\(name):") ? value.map { "\(name): \($0)" } : $0 }
    }

    @Test(
        "bodies that are not one model and one serial assertion are refused",
        arguments: [
            "", "\n\n", "{}", "type: model\n\nx\n", text(modelHeaders), text(serialHeaders, body: "HW"), body() + "\n" + text(modelHeaders),
            text(modelHeaders) + "\n" + text(modelHeaders), text(modelHeaders) + "\n" + text(["type: account"]),
            body().replacing("type: serial", with: "type: Serial"),
            body().replacing("\n\nHW\n\n", with: "\n\nHWX\n\n"), body().replacing("body-length: 2", with: "body-length: 99999999"),
            body().replacing("body-length: 2", with: "body-length: -1"), body().replacing("0017", with: "0017\nserial: 0018"),
        ])
    func malformed(text: String) {
        #expect(throws: SnapsError.self) { try parse(text) }
    }

    @Test("what is longer than assertions are, or more than a file holds, is refused")
    func long() {
        #expect(throws: SnapsError.self) { try parse(String(repeating: "a: b\n", count: 100_000)) }
        #expect(throws: SnapsError.self) { try parse(String(repeating: Self.text(Self.modelHeaders) + "\n", count: 300)) }
    }

    @Test(
        "a header of the model assertion that is missing or is not what it must be is refused",
        arguments: [
            ("brand-id", nil), ("brand-id", "other"), ("brand-id", "A"), ("authority-id", nil), ("authority-id", "canonical"),
            ("model", nil),
            ("model", "a b"), ("model", "../x"), ("series", nil),
        ] as [(String, String?)])
    func model(name: String, value: String?) {
        #expect(throws: SnapsError.self) { try parse(Self.body(Self.replaced(Self.modelHeaders, name, value))) }
    }

    @Test(
        "a header of the serial assertion that is missing or is not what it must be is refused",
        arguments: [
            ("brand-id", nil), ("brand-id", "other"), ("authority-id", nil), ("authority-id", "generic"), ("model", nil),
            ("model", "pump-25"),
            ("serial", nil), ("serial", "a/b"), ("serial", "a\u{1B}[2J"), ("serial", "\u{202E}a"),
            ("serial", String(repeating: "9", count: 129)),
            ("device-key", nil), ("device-key", "!"), ("device-key", "AA=="), ("device-key-sha3-384", nil),
            ("device-key-sha3-384", String(repeating: "A", count: 64)), ("device-key-sha3-384", "short"),
        ] as [(String, String?)])
    func serial(name: String, value: String?) {
        #expect(throws: SnapsError.self) { try parse(Self.body(Self.modelHeaders, Self.replaced(Self.serialHeaders, name, value))) }
    }

    @Test("bytes that were cut off or changed anywhere are refused or mean the same device, and nothing fails")
    func cut() throws {
        let bytes = Array(Self.body().utf8)
        for count in 0..<bytes.count { _ = try? DeviceAssertions(parsing: Array(bytes.prefix(count))) }
        for index in bytes.indices {
            for byte in [0, 0x0A, 0x20, 0x80, 0xFF] as [UInt8] {
                var changed = bytes
                changed[index] = byte
                guard let device = try? DeviceAssertions(parsing: changed) else { continue }
                #expect(device.serial.brand == device.model.brand && device.serial.model == device.model.model)
            }
        }
    }

    @Test("the two are read in either order, with a body, lists and headers that nobody knows")
    func accepted() throws {
        for text in [
            Self.body(), Self.text(Self.serialHeaders, body: "HW") + "\n" + Self.text(Self.modelHeaders),
            Self.body().replacing("series", with: "future: 1\nseries"),
        ] {
            let device = try parse(text)
            #expect(device.model.brand.text == "acme" && device.model.model.text == "pump-24" && device.model.store == "acme-store")
            #expect(device.serial.serial.text == "0017" && device.serial.deviceKeyID == SnapDigest(of: Self.keyBytes))
            #expect(device.serial.deviceKey.contains("\n"))
        }
    }

    @Test("the id of a key is what snapd says it is")
    func keyID() throws {
        // The device key of a virtual machine with Ubuntu Core 16, and the id that snapd's authority wrote beside it.
        let key = """
            AcbBTQRWhcGAARAA0y/BXkBJjPOl24qPKOZWy7H+6+piDPtyKIGfU9TDDrFjFnv3R8EMTz1WNW8d
            5nLR8gjDXNh3z7dLIbSPeC54bvQ7LlaO2VYICGdzHT5+68Rod9h5NYdTKgaWDyHdm2K1v2oOzmMF
            Z+MmL15TvP9lX1U8OIVkmHhCO7FeDGsPlsTX2Wz++SrOqG4PsvpYsaYUTHE+oZ+Eo8oySW/OxTmp
            rQIEUoDEWNbFR5/+33tHRDxKSjeErCVuVetZxlZW/gpCx5tmCyAcBgKoEKsPqrgzW4wUAONaSOGc
            Zuo35DxwqeGHOx3C118rYrGvqA2mCn3fFz/mqnciK3JzLemLjw4HyVd1DyaKUgGjR6VYBcadL72n
            YN6gPiMMmlaAPtkdFIkqIp1OpvUFEEEHwNI88klM/N8+t3JE8cFpG6n4WBdHUAwtMmmVxXm5IsM3
            uNwrZdIBUu4WOAAgu2ZioeHLIQlDGw6dvVTaK+dTe0EXo5j+mH5DFnn0W1L7IAj6rX8HdiM5X5fP
            4kwiezSfYXJgctdi0gizdGB7wcH0/JynaXA/tI3fEVDu45X7dA/XnCEzYkBxpidNfDkmXxSWt5N/
            NMuHZqqmNHNfLeKAo1yQ/SH702nth6vJYJaIX4Pgv5cVrX5L429U5SHV+8HaE0lPCfFo/rKRJa9i
            rvnJ5OGR4TeRTLsAEQEAAQ==
            """
        let bytes = try #require(Data(base64Encoded: key.replacing("\n", with: "")))
        #expect(SnapDigest(of: bytes).text == "_4U3nReiiIMIaHcl6zSdRzcu75Tz37FW8b7NHhxXjNaPaZzyGooMFqur0EFCLS6V")
    }
}
