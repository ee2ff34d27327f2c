import Crypto
import CryptoExtras
import Foundation
import Testing

@testable import Snaps

/// An account with a key, which signs as snapd does.
struct Signer {
    let account: String
    let key: _RSA.Signing.PrivateKey
    let publicKey: [UInt8]

    init(_ account: String = "acme") throws {
        self.account = account
        key = try _RSA.Signing.PrivateKey(keySize: .bits2048)
        let numbers = try key.publicKey.getKeyPrimitives()
        publicKey = Self.packet(
            6, [4, 0x56, 0x85, 0xC1, 0x80, 1] + Self.integer(Array(numbers.modulus)) + Self.integer(Array(numbers.publicExponent)))
    }

    var id: SnapDigest { SnapDigest(of: publicKey) }

    var accountKey: [UInt8] {
        let body = Data(publicKey).base64EncodedString(options: [.lineLength76Characters, .endLineWithLineFeed])
        return Array(
            "type: account-key\nauthority-id: canonical\npublic-key-sha3-384: \(id)\naccount-id: \(account)\nbody-length: \(body.utf8.count)\n\n\(body)\n\nAXNpZw==\n"
                .utf8)
    }

    func sign(_ headers: [String], body: String = "") throws -> String {
        let content = (headers + ["sign-key-sha3-384: \(id)"]).joined(separator: "\n") + (body.isEmpty ? "" : "\n\n" + body)
        let hashed: [UInt8] = [4, 0, 1, 10, 0, 6, 5, 2, 0x58, 0x22, 0x16, 0x72]
        let trailer: [UInt8] = hashed + [4, 0xFF, 0, 0, 0, UInt8(hashed.count)]
        let value = try key.signature(for: SHA512.hash(data: Array(content.utf8) + trailer), padding: .insecurePKCS1v1_5)
        let packet = Self.packet(2, hashed + [0, 0, 0, 0] + Self.integer(Array(value.rawRepresentation)))
        return content + "\n\n" + Data(packet).base64EncodedString(options: [.lineLength76Characters, .endLineWithLineFeed]) + "\n"
    }

    static func packet(_ tag: UInt8, _ body: [UInt8]) -> [UInt8] {
        [1, 0xC0 | tag, UInt8((body.count - 192) >> 8 + 192), UInt8(truncatingIfNeeded: body.count - 192)] + body
    }

    private static func integer(_ bytes: [UInt8]) -> [UInt8] {
        let bytes = Array(bytes.drop { $0 == 0 })
        let bits = bytes.count * 8 - (bytes.first?.leadingZeroBitCount ?? 0)
        return [UInt8(bits >> 8), UInt8(truncatingIfNeeded: bits)] + bytes
    }
}

@Suite("Signatures of assertions")
struct AssertionKeysTests {
    private static func unsigned(_ headers: [String]) -> [String] { headers.filter { !$0.hasPrefix("sign-key") } }

    private func body(_ model: Signer, _ serial: Signer) throws -> [UInt8] {
        let text =
            try model.sign(Self.unsigned(DeviceAssertionsTests.modelHeaders)) + "\n"
            + serial.sign(Self.unsigned(DeviceAssertionsTests.serialHeaders), body: "HW")
        return Array(text.utf8)
    }

    @Test("assertions whose every byte the brand signed are accepted, and none that was changed is")
    func changed() throws {
        let signer = try Signer()
        let keys = try AssertionKeys(parsing: [signer.accountKey])
        let bytes = try body(signer, signer)
        try DeviceAssertions(parsing: bytes).check(with: keys)
        var accepted = 0
        for index in stride(from: 0, to: bytes.count, by: 7) {
            var changed = bytes
            changed[index] ^= 1
            guard let device = try? DeviceAssertions(parsing: changed), (try? device.check(with: keys)) != nil else { continue }
            accepted += 1
        }
        // The two bytes of a signature that repeat the digest, and those behind the hashed part, are signed by nobody.
        #expect(accepted <= 2)
    }

    @Test("a key that is not known, or is another account's, vouches for nothing")
    func foreign() throws {
        let (acme, other, stranger) = (try Signer(), try Signer("other"), try Signer())
        let keys = try AssertionKeys(parsing: [acme.accountKey + [UInt8(ascii: "\n")] + other.accountKey])
        #expect(keys.count == 2)
        for (model, serial) in [(acme, other), (other, acme), (acme, stranger), (stranger, acme)] {
            let device = try DeviceAssertions(parsing: try body(model, serial))
            let error = #expect(throws: SnapsError.self) { try device.check(with: keys) }
            #expect(error?.code == .signatureInvalid)
        }
        let plain = try DeviceAssertions(parsing: Array(DeviceAssertionsTests.body().utf8))
        #expect(throws: SnapsError.self) { try plain.check(with: keys) }
    }

    @Test("what is no account-key assertion is no key, and cut bytes are refused")
    func hostile() throws {
        let key = try Signer().accountKey
        for count in stride(from: 0, to: key.count - 20, by: 3) {
            #expect(throws: SnapsError.self) { _ = try AssertionKeys(parsing: [Array(key.prefix(count))]) }
        }
        for index in stride(from: 0, to: key.count, by: 5) {
            var changed = key
            changed[index] ^= 0x10
            _ = try? AssertionKeys(parsing: [changed])
        }
        for bytes: [UInt8] in [
            [], [1], [1, 0xC6], [1, 0xC6, 255, 255, 255, 255, 255], [1, 0xC6, 224], [1, 0x9B, 0], [1, 0x98, 1], [2, 0xC6, 0], [1, 0x46, 0],
            [1, 0xC6, 0, 0],
        ] { #expect(OpenPGPPacket(bytes) == nil, "\(bytes)") }
    }

    private static let snapd = "/usr/lib/snapd/snapd"

    @Test(
        "the model that snapd carries is signed by the key that snapd carries",
        .enabled(if: FileManager.default.fileExists(atPath: snapd), "snapd is not installed"))
    func real() throws {
        let binary = try Data(contentsOf: URL(fileURLWithPath: Self.snapd), options: .mappedIfSafe)
        func assertion(_ start: String) throws -> [UInt8] {
            let found = try #require(binary.range(of: Data(start.utf8)))
            let head = try #require(binary.range(of: Data("\n\n".utf8), in: found.lowerBound..<binary.endIndex))
            var end = head.upperBound
            if let length = String(decoding: binary[found.lowerBound..<head.lowerBound], as: UTF8.self).split(separator: "\n")
                .first(where: { $0.hasPrefix("body-length: ") }).flatMap({ Int($0.dropFirst(13)) })
            {
                end += length + 2
            }
            let alphabet = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\n".utf8)
            let signature = binary[end...].prefix { alphabet.contains($0) }
            return Array(binary[found.lowerBound..<end]) + Array(signature)
        }
        let key = try assertion(
            "type: account-key\nauthority-id: canonical\npublic-key-sha3-384: d-JcZF9nD9eBw7bwMnH61x-bklnQOhQud1Is6o_cn2wTj8EYDi9musrIT9z2MdAa"
        )
        let keys = try AssertionKeys(parsing: [key])
        let model = try #require(try Assertion.stream(assertion("type: model\nauthority-id: generic\n")).first)
        #expect(model["model"] == "generic-classic")
        try keys.check(model)
    }
}
