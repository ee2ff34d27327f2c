import Testing

@testable import Snaps

@Suite("Names of snaps")
struct SnapNameTests {
    @Test(
        "what snapd refuses names no snap",
        arguments: [
            "", "-", "a-", "-a", "a--b", "1", "123-4", "A", "a b", "a_", "a_b_c", "a_B", "a_12345678901", "ä", "a/b", "a.b",
            String(repeating: "a", count: 41),
        ])
    func refuses(_ text: String) {
        #expect(throws: SnapsError.self) { try SnapName(text) }
    }

    @Test(
        "what snapd accepts names a snap",
        arguments: ["a", "a1", "1a", "hello-world", "0-a-0", "hello_two", String(repeating: "a", count: 40)])
    func accepts(_ text: String) throws {
        #expect(try SnapName(text).text == text)
    }

    @Test("a digest is written as assertions write it")
    func digest() throws {
        // printf '' | openssl dgst -sha3-384 -binary | basenc --base64url
        #expect(SnapDigest(of: []).text == "DGOnW4ReT30BEH2FLkwkhcUaUKqqlPxhmV5xu-6YOirDcTgxJkrbR_tr0eBY1fAE")
    }
}
