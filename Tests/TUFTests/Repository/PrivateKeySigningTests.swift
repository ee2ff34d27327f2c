import Foundation
import TUF
import Testing

@Suite struct PrivateKeySigningTests {
    private static let message = Array("what is signed".utf8)

    @Test("every kind of key signs, and its public half agrees", arguments: KeyAlgorithm.allCases)
    func roundTrip(algorithm: KeyAlgorithm) throws {
        let key = try PrivateKey.make(algorithm)
        let signature = try key.sign(Self.message)
        #expect(key.publicKey.isValid(signature, for: Self.message))
        #expect(!key.publicKey.isValid(signature, for: Self.message + [0]))
    }

    @Test(
        "openssl agrees with the signatures",
        arguments: [
            (KeyAlgorithm.ed25519, [String]()), (.ecdsaP256, ["-digest", "sha256"]), (.ecdsaP384, ["-digest", "sha384"]),
            (
                .rsa2048,
                [
                    "-digest", "sha256", "-pkeyopt", "rsa_padding_mode:pss", "-pkeyopt", "rsa_pss_saltlen:32", "-pkeyopt",
                    "rsa_mgf1_md:sha256",
                ]
            ),
        ])
    func openssl(algorithm: KeyAlgorithm, options: [String]) throws {
        let folder = try TemporaryFolder()
        let key = try PrivateKey.make(algorithm)
        try folder.write("message", Self.message)
        try folder.write("signature", key.sign(Self.message))
        try folder.write("public.pem", Array(key.publicKey.pem.utf8))
        try Tool.run(
            [
                "openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", folder.file("public.pem"), "-in", folder.file("message"),
                "-sigfile", folder.file("signature"),
            ] + options)
    }

    @Test("a key and a secret show nothing when printed, described or dumped", arguments: KeyAlgorithm.allCases.prefix(4))
    func nothingShown(algorithm: KeyAlgorithm) throws {
        let key = try PrivateKey.make(algorithm)
        let secret = try KeySecret.passphrase("swordfish-1234".utf8)
        var dumped = ""
        dump(key, to: &dumped)
        dump(secret, to: &dumped)
        dump(SecretBytes("swordfish-1234".utf8), to: &dumped)
        dump(ChannelRepository(directory: try TemporaryFolder().directory(), secret: secret), to: &dumped)
        let shown = "\(key) \(String(reflecting: key)) \(secret) \(String(reflecting: secret)) \(dumped)"
        #expect(!shown.contains("swordfish") && !shown.contains("115, 119, 111"))
        #expect(!shown.contains("backing") && !shown.contains("material") && !shown.contains("content"))
    }
}
