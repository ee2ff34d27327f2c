import Crypto
import Foundation
import TUF
import Testing

@Suite struct SignatureTests {
    private static let message = Array("what is signed\n".utf8)

    /// Bytes that are no signature of anything, and a good one with one thing changed.
    private func malformed(_ good: [UInt8]) -> [[UInt8]] {
        var changed: [[UInt8]] = [
            [], [0], Array(good.dropLast()), Array(good.dropFirst()), good + [0], [0] + good, Array(good.reversed()),
            [UInt8](repeating: 0, count: good.count), [UInt8](repeating: 0xFF, count: good.count), good + good,
        ]
        for index in Set([0, 1, good.count / 2, good.count - 1]) {
            var one = good
            one[index] ^= 1
            changed.append(one)
        }
        return changed
    }

    private func check(_ key: PublicKey, _ good: [UInt8]) {
        #expect(key.isValid(good, for: Self.message))
        #expect(!key.isValid(good, for: Self.message + [0]))
        #expect(!key.isValid(good, for: [UInt8]()))
        for wrong in malformed(good) { #expect(!key.isValid(wrong, for: Self.message), "\(wrong.count) bytes \(wrong.prefix(4))…") }
    }

    @Test("Ed25519 signatures are exactly those of the key; a scalar beyond the group's order is none")
    func ed25519() throws {
        let key = Curve25519.Signing.PrivateKey()
        let good = Array(try key.signature(for: Self.message))
        let publicKey = try PublicKey(ed25519: Array(key.publicKey.rawRepresentation))
        check(publicKey, good)
        // S + L is another spelling of the same signature (RFC 8032 §5.1.7).
        let order: [UInt8] = [
            0xED, 0xD3, 0xF5, 0x5C, 0x1A, 0x63, 0x12, 0x58, 0xD6, 0x9C, 0xF7, 0xA2, 0xDE, 0xF9, 0xDE, 0x14,
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
        ]
        var twin = good
        var carry: UInt16 = 0
        for index in 0..<32 {
            carry += UInt16(good[32 + index]) + UInt16(order[index])
            twin[32 + index] = UInt8(truncatingIfNeeded: carry)
            carry >>= 8
        }
        #expect(!publicKey.isValid(twin, for: Self.message))
        #expect(!publicKey.isValid(Array(try Curve25519.Signing.PrivateKey().signature(for: Self.message)), for: Self.message))
    }

    @Test("ECDSA signatures are DER and exactly those of the key")
    func ecdsa() throws {
        let p256 = P256.Signing.PrivateKey()
        let good256 = Array(try p256.signature(for: SHA256.hash(data: Self.message)).derRepresentation)
        let key256 = try PublicKey(der: Array(p256.publicKey.derRepresentation))
        check(key256, good256)
        let p384 = P384.Signing.PrivateKey()
        let good384 = Array(try p384.signature(for: SHA384.hash(data: Self.message)).derRepresentation)
        check(try PublicKey(der: Array(p384.publicKey.derRepresentation)), good384)
        #expect(!key256.isValid(good384, for: Self.message))
        let raw = Array(try p256.signature(for: SHA256.hash(data: Self.message)).rawRepresentation)
        #expect(!key256.isValid(raw, for: Self.message))
        // r = s = 0, r = 0, numbers that are negative, too long, or written in two ways.
        let degenerate: [[UInt8]] = [
            [0x30, 6, 2, 1, 0, 2, 1, 0], [0x30, 6, 2, 1, 0, 2, 1, 1], [0x30, 6, 2, 1, 1, 2, 1, 0], [0x30, 6, 2, 1, 0x80, 2, 1, 0x80],
            [0x30, 0x80, 2, 1, 1, 2, 1, 1, 0, 0], [0x30, 8, 2, 2, 0, 1, 2, 2, 0, 1], [0x30, 4, 2, 0, 2, 0], [0x30, 0],
            [0x31, 6, 2, 1, 1, 2, 1, 1],
        ]
        for wrong in degenerate { #expect(!key256.isValid(wrong, for: Self.message)) }
        var long = good256
        long.insert(0x81, at: 1)
        #expect(!key256.isValid(long, for: Self.message))
    }

    @Test("RSA-PSS signatures of openssl with any salt are those of the key", arguments: [2048, 3072, 4096])
    func rsa(bits: Int) throws {
        let openssl = try OpenSSL()
        defer { openssl.remove() }
        try openssl.run("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:\(bits)", "-out", "key")
        try openssl.run("pkey", "-in", "key", "-pubout", "-out", "public")
        try openssl.write("message", Self.message)
        let key = try PublicKey(pem: openssl.text("public"))
        for salt in ["0", "20", "32", "max"] {
            try openssl.run(
                "dgst", "-sha256", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:\(salt)", "-sign", "key",
                "-out", "signature", "message")
            let good = try openssl.bytes("signature")
            #expect(key.isValid(good, for: Self.message))
            #expect(!key.isValid(good, for: Self.message + [0]))
            // The whole table takes its time with large numbers.
            if bits == 2048, salt == "32" { check(key, good) }
        }
        // Signatures of the right key in other schemes.
        try openssl.run("dgst", "-sha256", "-sign", "key", "-out", "pkcs1", "message")
        #expect(!key.isValid(try openssl.bytes("pkcs1"), for: Self.message))
        try openssl.run("dgst", "-sha512", "-sigopt", "rsa_padding_mode:pss", "-sign", "key", "-out", "sha512", "message")
        #expect(!key.isValid(try openssl.bytes("sha512"), for: Self.message))
        try openssl.run(
            "dgst", "-sha256", "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_mgf1_md:sha1", "-sign", "key", "-out", "mgf", "message")
        #expect(!key.isValid(try openssl.bytes("mgf"), for: Self.message))
        // A number as large as the modulus or larger is no signature.
        guard case .rsa(let modulus, _) = key else { return }
        #expect(!key.isValid(modulus, for: Self.message))
    }

    @Test("a modulus of a length that is no multiple of eight is handled", arguments: [2049, 2055, 2050])
    func oddLengths(bits: Int) throws {
        let openssl = try OpenSSL()
        defer { openssl.remove() }
        try openssl.run("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:\(bits)", "-out", "key")
        try openssl.run("pkey", "-in", "key", "-pubout", "-out", "public")
        try openssl.write("message", Self.message)
        let key = try PublicKey(pem: openssl.text("public"))
        try openssl.run("dgst", "-sha256", "-sigopt", "rsa_padding_mode:pss", "-sign", "key", "-out", "signature", "message")
        check(key, try openssl.bytes("signature"))
    }
}
