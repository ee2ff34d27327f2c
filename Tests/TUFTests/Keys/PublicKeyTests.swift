import Crypto
import Foundation
import TUF
import Testing

@Suite struct PublicKeyTests {
    /// y coordinates of all points of small order, and all that are spelled with more than the prime.
    static let weak: [String] =
        [
            "0000000000000000000000000000000000000000000000000000000000000000",
            "0100000000000000000000000000000000000000000000000000000000000000",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        ].flatMap { [$0, $0.dropLast(2) + String(format: "%02x", (UInt8($0.suffix(2), radix: 16) ?? 0) | 0x80)] }
        + (0xED...0xFF).flatMap { low in
            ["7f", "ff"].map { String(format: "%02x", low) + String(repeating: "f", count: 60) + $0 }
        }

    private func bytes(_ hex: String) -> [UInt8] {
        stride(from: 0, to: hex.utf8.count, by: 2).compactMap { UInt8(hex.dropFirst($0).prefix(2), radix: 16) }
    }

    @Test("Ed25519 keys with which anybody can sign, and second spellings of keys, are refused", arguments: weak)
    func smallOrder(hex: String) throws {
        #expect(bytes(hex).count == 32)
        #expect { try PublicKey(ed25519: bytes(hex)) } throws: { ($0 as? TUFError)?.code == .keyWeak }
        let der = bytes("302a300506032b6570032100") + bytes(hex)
        #expect { try PublicKey(der: der) } throws: { ($0 as? TUFError)?.code == .keyWeak }
    }

    @Test("keys of other lengths are refused", arguments: [0, 1, 31, 33, 64])
    func lengths(count: Int) {
        #expect { try PublicKey(ed25519: [UInt8](repeating: 9, count: count)) } throws: { ($0 as? TUFError)?.code == .keyInvalid }
    }

    @Test("public keys are read in every form that openssl writes, and are one key")
    func forms() throws {
        let openssl = try OpenSSL()
        defer { openssl.remove() }
        try openssl.run("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", "rsa")
        try openssl.run("rsa", "-in", "rsa", "-pubout", "-out", "rsa.spki")
        try openssl.run("rsa", "-in", "rsa", "-RSAPublicKey_out", "-out", "rsa.pkcs1")
        try openssl.run("rsa", "-in", "rsa", "-pubout", "-outform", "DER", "-out", "rsa.der")
        for curve in ["P-256", "P-384"] {
            try openssl.run("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:\(curve)", "-out", curve)
            try openssl.run("pkey", "-in", curve, "-pubout", "-out", "\(curve).spki")
        }
        try openssl.run("genpkey", "-algorithm", "ed25519", "-out", "ed25519")
        try openssl.run("pkey", "-in", "ed25519", "-pubout", "-out", "ed25519.spki")
        let methods: [(String, SignatureMethod)] = [
            ("rsa", .rsaPSS), ("P-256", .ecdsaP256), ("P-384", .ecdsaP384), ("ed25519", .ed25519),
        ]
        for (name, method) in methods {
            let text = try openssl.text("\(name).spki")
            let key = try PublicKey(pem: text)
            #expect(key.method == method)
            #expect(key.pem == text)
            let lines = text.split(separator: "\n")
            let others = [
                text.replacing("\n", with: "\r\n"), "Some words\n\n" + text + "more\n", String(text.dropLast()),
                lines.map { $0 + "  " }.joined(separator: "\n"), "\n\n" + text,
                "\(lines[0])\n\(lines.dropFirst().dropLast().joined())\n\(lines.last ?? "")",
            ]
            for other in others { #expect(try PublicKey(pem: other) == key) }
            for damaged in [
                String(text.prefix(60)), text.replacing("END", with: "BEGIN"), text.replacing("M", with: "*"), "",
                "\(lines[0])\n\(lines.last ?? "")",
            ] {
                #expect(throws: TUFError.self) { try PublicKey(pem: damaged) }
            }
        }
        #expect(try PublicKey(pem: openssl.text("rsa.pkcs1")) == PublicKey(pem: openssl.text("rsa.spki")))
        #expect(try PublicKey(der: openssl.bytes("rsa.der")) == PublicKey(pem: openssl.text("rsa.spki")))
    }

    @Test("a private key, a short RSA key and a key of another curve are no public keys here")
    func refused() throws {
        let openssl = try OpenSSL()
        defer { openssl.remove() }
        try openssl.run("genpkey", "-algorithm", "ed25519", "-out", "private")
        try openssl.run("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024", "-out", "short")
        try openssl.run("pkey", "-in", "short", "-pubout", "-out", "short.spki")
        let three = ["rsa_keygen_bits:2048", "rsa_keygen_pubexp:3"]
        try openssl.run("genpkey", "-algorithm", "RSA", "-pkeyopt", three[0], "-pkeyopt", three[1], "-out", "three")
        try openssl.run("pkey", "-in", "three", "-pubout", "-out", "three.spki")
        try openssl.run("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp256k1", "-out", "koblitz")
        try openssl.run("pkey", "-in", "koblitz", "-pubout", "-out", "koblitz.spki")
        #expect { try PublicKey(pem: openssl.text("private")) } throws: { ($0 as? TUFError)?.code == .keyInvalid }
        #expect { try PublicKey(pem: openssl.text("short.spki")) } throws: { ($0 as? TUFError)?.code == .keyWeak }
        #expect { try PublicKey(pem: openssl.text("koblitz.spki")) } throws: { ($0 as? TUFError)?.code == .keyInvalid }
        #expect(try PublicKey(pem: openssl.text("three.spki")).method == .rsaPSS)
    }
}
