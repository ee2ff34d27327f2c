import OperatorAuth
import Testing

@Suite struct TokenTests {
    private func record(_ token: AccessToken, expiresAt: Int64? = nil, scopes: Set<Scope> = [.devicesRead]) -> TokenRecord {
        TokenRecord(
            id: token.id, secretDigest: token.secretDigest, scopes: scopes, description: "test", createdAt: 100, expiresAt: expiresAt)
    }

    private static let valid = "ota_" + String(repeating: "a", count: 12) + "_" + String(repeating: "b", count: 43)

    private static let malformed: [String] = [
        "", "ota", "ota__", "ota_aaaaaaaaaaaa", "\(valid)_", "\(valid)x", "\(valid.dropLast())", "OTA\(valid.dropFirst(3))", " \(valid)",
        "\(valid.dropLast()) ", "\(valid.dropLast())\0", "\(valid.dropLast())é", "\(valid.dropLast(2))é", "\(valid)\u{301}",
        String(repeating: "_", count: 100_000),
    ]

    @Test("a text that no token looks like is refused", arguments: malformed)
    func refused(text: String) {
        #expect { try AccessToken(presented: text) } throws: { ($0 as? OperatorAuthError)?.code == .tokenInvalid }
    }

    @Test("a token with another secret is refused, however much of it is right")
    func otherSecret() throws {
        let token = AccessToken.random()
        for changed in [
            String(token.text.dropLast()) + (token.text.last == "a" ? "b" : "a"), "ota_\(token.id)_" + String(repeating: "a", count: 43),
        ] {
            let other = try AccessToken(presented: changed)
            #expect { try record(token).check(other, now: 100) } throws: { ($0 as? OperatorAuthError)?.code == .tokenInvalid }
        }
        let empty = TokenRecord(id: token.id, secretDigest: [], scopes: [.devicesRead], description: "", createdAt: 0, expiresAt: nil)
        #expect { try empty.check(token, now: 0) } throws: { ($0 as? OperatorAuthError)?.code == .tokenInvalid }
    }

    @Test("a token has expired at the second it names, not before")
    func expiry() throws {
        let token = AccessToken.random()
        try record(token, expiresAt: 200).check(token, now: 199)
        for now: Int64 in [200, 201, .max] {
            #expect { try record(token, expiresAt: 200).check(token, now: now) } throws: {
                ($0 as? OperatorAuthError)?.code == .tokenExpired
            }
        }
        try record(token).check(token, now: .max)
    }

    @Test("a token that was printed is read back as the same, and no two are alike")
    func roundTrip() throws {
        let tokens = (0..<100).map { _ in AccessToken.random() }
        #expect(Set(tokens.map(\.text)).count == 100)
        for token in tokens {
            let read = try AccessToken(presented: token.text)
            #expect(read.id == token.id && read.secretDigest == token.secretDigest)
            #expect(token.secretDigest.count == 32)
            try record(token).check(read, now: 100)
        }
    }

    @Test("a scope that the token lacks is refused")
    func scopes() throws {
        let record = record(AccessToken.random(), scopes: [.devicesRead])
        try record.require(.devicesRead)
        #expect { try record.require(.devicesWrite) } throws: { ($0 as? OperatorAuthError)?.code == .scopeMissing }
    }

    @Test(
        "a list of scopes with an unknown word, or with none, is refused",
        arguments: ["", ",", "devices", "read,root", "READ", "devices:read;updates:read"])
    func badScopes(text: String) {
        #expect { try Scope.list(text) } throws: { ($0 as? OperatorAuthError)?.code == .scopeInvalid }
    }

    @Test("admin is every scope, read those that only read, and a list what it names")
    func goodScopes() throws {
        #expect(try Scope.list("admin") == Set(Scope.allCases))
        #expect(try Scope.list("read") == [.devicesRead, .updatesRead, .rolloutsRead])
        #expect(try Scope.list("devices:write, read") == [.devicesWrite, .devicesRead, .updatesRead, .rolloutsRead])
    }

    @Test(
        "a length of time without unit, sign or sense is refused",
        arguments: ["", "d", "90", "0d", "-1d", "+1d", "1.5h", "1 d", "1D", "1y", "9999999999999999999d", "1000001s", "１d", "1d1h"])
    func badLifetimes(text: String) {
        #expect { try Lifetime(text) } throws: { ($0 as? OperatorAuthError)?.code == .lifetimeInvalid }
    }

    @Test("lengths of time are read", arguments: [("45s", 45), ("30m", 1800), ("12h", 43_200), ("90d", 7_776_000), ("2w", 1_209_600)])
    func lifetimes(text: String, seconds: Int64) throws { #expect(try Lifetime(text).seconds == seconds) }
}
