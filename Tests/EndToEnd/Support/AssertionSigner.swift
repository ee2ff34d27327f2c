import Foundation

/// An account that signs assertions, with a key that `openssl` made.
struct AssertionSigner {
    private let folder: String
    private let publicKey: Data
    let keyID: String

    static func make(in folder: String) async throws -> AssertionSigner {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try await Tool.check(["openssl", "genrsa", "-out", "\(folder)/key.pem", "2048"])
        let text = try await Tool.check(["openssl", "rsa", "-in", "\(folder)/key.pem", "-noout", "-modulus"]).text
        let digits = Array(text.trimmingCharacters(in: .whitespacesAndNewlines).dropFirst("Modulus=".count))
        let modulus = stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) }
        // Version 4, a time, RSA; 2048 bits of modulus; 17 bits of 65537.
        let publicKey = packet(6, [4, 0x56, 0x85, 0xC1, 0x80, 1, 8, 0] + modulus + [0, 17, 1, 0, 1])
        let digest = try await Tool.check(["openssl", "dgst", "-sha3-384", "-binary"], input: publicKey).output
        let id = digest.base64EncodedString().replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
        return AssertionSigner(folder: folder, publicKey: publicKey, keyID: id)
    }

    var accountKey: String {
        let body = publicKey.base64EncodedString()
        return
            "type: account-key\nauthority-id: canonical\npublic-key-sha3-384: \(keyID)\naccount-id: acme\nbody-length: \(body.utf8.count)\n\n\(body)\n\nAXNpZw==\n"
    }

    func sign(_ headers: String) async throws -> String {
        let content = "\(headers)\nsign-key-sha3-384: \(keyID)"
        // A binary document, RSA, SHA-512, one subpacket with a time.
        let hashed: [UInt8] = [4, 0, 1, 10, 0, 6, 5, 2, 0x58, 0x22, 0x16, 0x72]
        let signed = Data(content.utf8) + hashed + [4, 0xFF, 0, 0, 0, UInt8(hashed.count)]
        let value = try await Tool.check(["openssl", "dgst", "-sha512", "-sign", "\(folder)/key.pem"], input: signed).output
        let bytes = [UInt8](value.drop { $0 == 0 })
        let bits = bytes.count * 8 - (bytes.first?.leadingZeroBitCount ?? 0)
        let packet = Self.packet(2, hashed + [0, 0, 0, 0, UInt8(bits >> 8), UInt8(truncatingIfNeeded: bits)] + bytes)
        return "\(content)\n\n\(packet.base64EncodedString())\n"
    }

    /// The byte 1 and a packet of 192 to 8383 bytes.
    private static func packet(_ tag: UInt8, _ body: [UInt8]) -> Data {
        Data([1, 0xC0 | tag, UInt8((body.count - 192) >> 8 + 192), UInt8(truncatingIfNeeded: body.count - 192)] + body)
    }
}
