import Foundation
import TUF
import Testing

/// Keys as openssl and other tools write them.
@Suite struct PrivateKeyReadingTests {
    private let folder: TemporaryFolder
    private static let passphrase = "correct horse battery"

    init() throws { folder = try TemporaryFolder() }

    private func make(_ arguments: [String], _ name: String = "key.pem") throws -> [UInt8] {
        try Tool.run(["openssl", arguments[0], "-out", folder.file(name)] + arguments.dropFirst())
        return try folder.bytes(name)
    }

    /// What openssl says the public half of `name` is.
    private func publicHalf(_ name: String = "key.pem") throws -> PublicKey {
        let text = try Tool.run("openssl", "pkey", "-in", folder.file(name), "-pubout", "-passin", "pass:\(Self.passphrase)")
        return try PublicKey(pem: String(decoding: text, as: UTF8.self))
    }

    private static let kinds: [[String]] = [
        ["genpkey", "-algorithm", "ed25519"], ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
        ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
        ["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
        ["ecparam", "-name", "prime256v1", "-genkey"], ["ecparam", "-name", "secp384r1", "-genkey", "-noout"],
        ["genrsa", "-traditional", "2048"],
    ]

    @Test("every unencrypted form of openssl is read", arguments: kinds)
    func forms(arguments: [String]) throws {
        let key = try PrivateKey(file: make(arguments))
        #expect(try key.publicKey == publicHalf())
    }

    @Test(
        "keys under a passphrase are read",
        arguments: [
            ["-v2", "aes-256-cbc"], ["-v2", "aes-128-cbc"], ["-v2", "aes-192-cbc"], ["-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA512"],
            ["-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA1"], ["-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA384"],
            ["-v2", "aes-256-cbc", "-scrypt"], ["-v2", "aes-128-cbc", "-scrypt", "-scrypt_N", "2048"],
        ])
    func encrypted(options: [String]) throws {
        for kind in Self.kinds.prefix(2) {
            _ = try make(kind, "plain.pem")
            let bytes = try make(
                ["pkcs8", "-topk8", "-in", folder.file("plain.pem"), "-passout", "pass:\(Self.passphrase)"] + options)
            let key = try PrivateKey(file: bytes, passphrase: KeySecret.trimmed((Self.passphrase + "\n").utf8))
            #expect(try key.publicKey == publicHalf())
            #expect(TUFError.Code.of { _ = try PrivateKey(file: bytes, passphrase: SecretBytes("another one".utf8)) } == .passphraseWrong)
            #expect(TUFError.Code.of { _ = try PrivateKey(file: bytes) } == .keyMissing)
        }
    }

    @Test("old encryption is refused with the command that converts it")
    func oldEncryption() throws {
        _ = try make(["genrsa", "-traditional", "2048"], "plain.pem")
        let forms = [
            try make(["rsa", "-traditional", "-aes128", "-in", folder.file("plain.pem"), "-passout", "pass:\(Self.passphrase)"]),
            try make(["pkcs8", "-topk8", "-v2", "des3", "-in", folder.file("plain.pem"), "-passout", "pass:\(Self.passphrase)"]),
        ]
        for bytes in forms {
            let error = #expect(throws: TUFError.self) {
                try PrivateKey(file: bytes, passphrase: SecretBytes(Self.passphrase.utf8))
            }
            #expect(error?.code == .keyEncryptionUnsupported)
            #expect(error?.message.contains("openssl pkcs8 -topk8 -v2 aes-256-cbc") == true)
        }
    }

    @Test("scrypt that would take too much memory is refused before it runs")
    func scryptBounds() throws {
        // N = 2^20, r = 8: 1 GiB. Written by hand, since openssl refuses to make it without being told to.
        _ = try make(Self.kinds[0], "plain.pem")
        let text = String(
            decoding: try make(
                [
                    "pkcs8", "-topk8", "-in", folder.file("plain.pem"), "-passout", "pass:\(Self.passphrase)", "-v2", "aes-256-cbc",
                    "-scrypt", "-scrypt_N", "16384",
                ]), as: UTF8.self)
        let base64 = text.split(separator: "\n").filter { !$0.hasPrefix("-----") }.joined()
        var der = Array(try #require(Data(base64Encoded: base64)))
        let cost = try #require(der.firstRange(of: [0x02, 0x02, 0x40, 0x00, 0x02, 0x01, 0x08]))
        // N stays two bytes long: 2^14 with r = 127.
        der[cost.upperBound - 1] = 0x7F
        let pem = "-----BEGIN ENCRYPTED PRIVATE KEY-----\n\(Data(der).base64EncodedString())\n-----END ENCRYPTED PRIVATE KEY-----\n"
        #expect(
            TUFError.Code.of { _ = try PrivateKey(pem: pem, passphrase: SecretBytes(Self.passphrase.utf8)) } == .keyDerivationBounds)
    }

    @Test(
        "keys that devices and clients do not take are refused by name",
        arguments: [
            (["genpkey", "-algorithm", "ed448"], TUFError.Code.keyTypeUnsupported),
            (["genpkey", "-algorithm", "x25519"], .keyTypeUnsupported),
            (["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp256k1"], .keyTypeUnsupported),
            (["ecparam", "-name", "secp256k1", "-genkey", "-noout"], .keyTypeUnsupported),
            (["ecparam", "-name", "brainpoolP384r1", "-genkey"], .keyTypeUnsupported),
            (["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"], .keyTypeUnsupported),
            (
                ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-pkeyopt", "ec_param_enc:explicit"],
                .keyTypeUnsupported
            ),
            (["genpkey", "-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048"], .keyTypeUnsupported),
            (["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"], .keyWeak),
        ])
    func unsupported(arguments: [String], code: TUFError.Code) throws {
        let bytes = try make(arguments)
        #expect(TUFError.Code.of { _ = try PrivateKey(file: bytes) } == code)
    }

    @Test("Ed25519 in the second version of PKCS#8 is read, and refused when its public half is another key's")
    func secondVersion() throws {
        // RFC 8410 §10.3.
        let pem = """
            -----BEGIN PRIVATE KEY-----
            MHICAQEwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
            oB8wHQYKKoZIhvcNAQkJFDEPDA1DdXJkbGUgQ2hhaXJzgSEAGb9ECWmEzf6FQbrB
            Z9w7lshQhqowtrbLDFw4rXAxZuE=
            -----END PRIVATE KEY-----
            """
        let key = try PrivateKey(pem: pem)
        #expect(key.publicKey.der.suffix(4) == [0x70, 0x31, 0x66, 0xE1])
        let other = pem.replacing("rXAxZuE=", with: "rXAxZuA=")
        #expect(TUFError.Code.of { _ = try PrivateKey(pem: other) } == .keyInvalid)
    }

    @Test("the JSON keys of ota-tuf and Foundries are read")
    func jsonKeys() throws {
        let seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
        let half = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
        let expected = try PublicKey(
            ed25519: stride(from: 0, to: 64, by: 2).map { offset in
                let start = half.index(half.startIndex, offsetBy: offset)
                return try #require(UInt8(half[start..<half.index(start, offsetBy: 2)], radix: 16))
            })
        for text in [seed, seed + half] {
            let key = try PrivateKey(file: Array(#" {"keytype":"ED25519","keyval":{"private":"\#(text)"}}"#.utf8))
            #expect(key.publicKey == expected)
        }
        let wrong = seed + String(half.reversed())
        #expect(
            TUFError.Code.of { _ = try PrivateKey(file: Array(#"{"keytype":"ED25519","keyval":{"private":"\#(wrong)"}}"#.utf8)) }
                == .keyInvalid)
        let pem = String(decoding: try make(Self.kinds[6]), as: UTF8.self).replacing("\n", with: "\\n")
        let rsa = try PrivateKey(file: Array(#"{"keytype":"RSA","keyval":{"private":"\#(pem)"}}"#.utf8))
        #expect(try rsa.publicKey == publicHalf())
    }

    @Test(
        "what is no private key is refused",
        arguments: [
            "", "hello", "{}", "{", #"{"keytype":"ED25519","keyval":{"public":"00"}}"#, #"{"keytype":"DSA","keyval":{"private":"00"}}"#,
            #"{"keytype":"ED25519","keyval":{"private":"zz"}}"#, #"{"keytype":"RSA","keyval":{"private":"zz"}}"#,
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
            "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n", "-----BEGIN PRIVATE KEY-----\nMAA=\n",
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----\n",
            "-----BEGIN RSA PRIVATE KEY-----\nMAA=\n-----END RSA PRIVATE KEY-----\n",
            "-----BEGIN EC PRIVATE KEY-----\nMAA=\n-----END EC PRIVATE KEY-----\n",
        ])
    func noKey(text: String) {
        #expect(throws: TUFError.self) { try PrivateKey(file: Array(text.utf8), passphrase: SecretBytes("a passphrase".utf8)) }
    }

    @Test("a damaged key is refused or another key, and never stops the process", arguments: kinds.prefix(4))
    func damage(arguments: [String]) throws {
        let text = String(decoding: try make(arguments), as: UTF8.self)
        let base64 = text.split(separator: "\n").filter { !$0.hasPrefix("-----") }.joined()
        let der = Array(try #require(Data(base64Encoded: base64)))
        for position in stride(from: 0, to: der.count, by: max(1, der.count / 60)) {
            var bytes = der
            bytes[position] ^= 0xFF
            let pem = "-----BEGIN PRIVATE KEY-----\n\(Data(bytes).base64EncodedString())\n-----END PRIVATE KEY-----\n"
            _ = try? PrivateKey(pem: pem)
            _ = try? PrivateKey(pem: pem.replacing("PRIVATE KEY", with: "ENCRYPTED PRIVATE KEY"), passphrase: SecretBytes("12345678".utf8))
        }
    }
}
