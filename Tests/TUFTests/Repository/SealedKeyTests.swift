import FileTree
import Foundation
import Testing

@testable import TUF

@Suite struct SealedKeyTests {
    private let passphrase = KeySecret.passphrase(SecretBytes("correct horse battery".utf8))

    private func keyFile() throws -> KeySecret {
        let folder = try TemporaryFolder()
        return try withExtendedLifetime(folder) { try KeySecret.makeFile(in: folder.directory()) }
    }

    private func text(_ key: SealedKey) -> String { String(decoding: key.bytes, as: UTF8.self) }
    private func code(_ text: String, _ secret: KeySecret) -> TUFError.Code? {
        TUFError.Code.of { _ = try SealedKey(parsing: Array(text.utf8)).open(with: secret) }
    }

    @Test(
        "every kind of key is sealed and opened, under a passphrase and under a key file",
        arguments: [KeyAlgorithm.ed25519, .ecdsaP256, .ecdsaP384, .rsa2048])
    func roundTrip(algorithm: KeyAlgorithm) throws {
        let file = try keyFile()
        let key = try PrivateKey.make(algorithm)
        for secret in [passphrase, file] {
            let sealed = try SealedKey(key, under: secret)
            let opened = try SealedKey(parsing: sealed.bytes).open(with: secret)
            #expect(opened.publicKey == key.publicKey)
            #expect(key.publicKey.isValid(try opened.sign([1, 2, 3]), for: [1, 2, 3]))
        }
    }

    @Test("the same key under the same passphrase gives other bytes each time")
    func fresh() throws {
        let key = try PrivateKey.make(.ed25519)
        #expect(try SealedKey(key, under: passphrase).bytes != SealedKey(key, under: passphrase).bytes)
    }

    @Test("a wrong passphrase, a wrong key file and the wrong one of the two are refused")
    func wrongSecret() throws {
        let file = try keyFile()
        let other = try keyFile()
        let key = try PrivateKey.make(.ed25519)
        let underPassphrase = text(try SealedKey(key, under: passphrase))
        let underFile = text(try SealedKey(key, under: file))
        #expect(code(underPassphrase, KeySecret.passphrase(SecretBytes("correct horse batterz".utf8))) == .passphraseWrong)
        #expect(code(underPassphrase, file) == .passphraseWrong)
        #expect(code(underFile, other) == .passphraseWrong)
        #expect(code(underFile, passphrase) == .passphraseWrong)
    }

    @Test("a key file with any byte changed does not open")
    func damage() throws {
        let file = try keyFile()
        let bytes = try SealedKey(PrivateKey.make(.ed25519), under: file).bytes
        // The last digit of a base64 text may have bits that mean nothing: such a file holds the same key.
        let padding = try #require(bytes.firstRange(of: Array("=\\n-----END".utf8))).lowerBound
        for position in bytes.indices.dropLast() where position != padding - 1 {
            var damaged = bytes
            damaged[position] ^= 1
            #expect(throws: TUFError.self, "byte \(position)") { try SealedKey(parsing: damaged).open(with: file) }
        }
        for length in stride(from: 0, to: bytes.count - 1, by: 7) {
            #expect(throws: TUFError.self) { try SealedKey(parsing: Array(bytes.prefix(length))) }
        }
    }

    @Test(
        "scrypt parameters that are out of bounds are refused before scrypt runs",
        arguments: [
            ("\"n\":32768", "\"n\":1073741824"), ("\"n\":32768", "\"n\":32767"), ("\"n\":32768", "\"n\":0"), ("\"n\":32768", "\"n\":-2"),
            ("\"r\":8", "\"r\":17"), ("\"r\":8", "\"r\":0"), ("\"p\":1", "\"p\":5"), ("\"p\":1", "\"p\":0"),
            ("\"n\":32768", "\"n\":1048576"), ("\"n\":32768", "\"n\":9223372036854775807"),
        ])
    func bounds(old: String, new: String) throws {
        let sealed = text(try SealedKey(PrivateKey.make(.ed25519), under: passphrase))
        #expect(sealed.contains(old))
        #expect(code(sealed.replacing(old, with: new), passphrase) == .keyDerivationBounds)
    }

    @Test("lower parameters are authenticated: changing them does not open the key with less work")
    func parametersAreAuthenticated() throws {
        let sealed = text(try SealedKey(PrivateKey.make(.ed25519), under: passphrase))
        #expect(code(sealed.replacing("\"n\":32768", with: "\"n\":16384"), passphrase) == .passphraseWrong)
    }

    @Test("the public half beside a sealed key is authenticated")
    func publicHalf() throws {
        let first = try SealedKey(PrivateKey.make(.ed25519), under: passphrase)
        let other = try PrivateKey.make(.ed25519).publicKey.pem.replacing("\n", with: "\\n")
        let pem = first.publicKey.pem.replacing("\n", with: "\\n")
        #expect(code(text(first).replacing(pem, with: other), passphrase) == .passphraseWrong)
    }
}

@Suite struct KeySecretTests {
    @Test("a key file is 32 bytes that only its owner reads, and is made once")
    func keyFile() throws {
        let folder = try TemporaryFolder()
        #expect(try KeySecret.file(in: folder.directory()).isAbsent)
        _ = try KeySecret.makeFile(in: folder.directory())
        let bytes = try folder.bytes("key")
        #expect(bytes.count == 32)
        #expect(try folder.directory().status("key")?.mode == 0o600)
        _ = try KeySecret.makeFile(in: folder.directory())
        #expect(try folder.bytes("key") == bytes)
    }

    @Test("a key file that others may read, or of another length, is refused")
    func badKeyFile() throws {
        let folder = try TemporaryFolder()
        _ = try KeySecret.makeFile(in: folder.directory())
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: folder.file("key"))
        #expect(TUFError.Code.of { _ = try KeySecret.file(in: folder.directory()) } == .keyExposed)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: folder.file("key"))
        try folder.write("key", [1, 2, 3])
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: folder.file("key"))
        #expect(TUFError.Code.of { _ = try KeySecret.file(in: folder.directory()) } == .keyFileDamaged)
    }

    @Test("a short passphrase seals no new key, and one line end is not part of it")
    func passphrase() throws {
        let key = try PrivateKey.make(.ed25519)
        #expect(TUFError.Code.of { _ = try SealedKey(key, under: KeySecret.passphrase("1234567\n".utf8)) } == .passphraseWrong)
        #expect(TUFError.Code.of { _ = try KeySecret.passphrase("\n".utf8) } == .passphraseWrong)
        let sealed = try SealedKey(PrivateKey.make(.ed25519), under: KeySecret.passphrase("12345678\r\n".utf8))
        #expect(throws: Never.self) { try sealed.open(with: KeySecret.passphrase("12345678".utf8)) }
    }
}

extension KeySecret? {
    fileprivate var isAbsent: Bool {
        if case .none = self { true } else { false }
    }
}
