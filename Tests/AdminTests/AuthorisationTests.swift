import HTTPTypes
import OperatorAuth
import Testing

@testable import Admin

@Suite("Who may do what")
struct AuthorisationTests {
    /// A path that the route's template fits.
    private func path(_ route: Route) -> String {
        route.template.replacing("{uuid}", with: "d1").replacing("{name}", with: "x").replacing("{id}", with: "r1")
            .replacing("{channel}", with: "ci").replacing("{tag}", with: "main")
            .replacing("{group}", with: "g").replacing("{version}", with: "1").replacing("{model}", with: "m")
    }

    @Test("no operation under /v1 answers without a token")
    func withoutToken() async throws {
        let fixture = try Fixture()
        try await fixture.serve { ask async throws in
            for route in fixture.router().routes where route.template.hasPrefix("/v1") {
                let answer = try await ask(route.method, path(route), token: nil)
                #expect(answer.status == 401, "\(route.method) \(route.template)")
                #expect(answer.slug == "token-missing")
                #expect(answer.headers[.wwwAuthenticate] == "Bearer")
                #expect(answer.headers[.contentType] == "application/problem+json")
            }
        }
    }

    @Test("no operation under /v1 answers a token that lacks its scope")
    func withoutScope() async throws {
        let fixture = try Fixture()
        try await fixture.serve { ask async throws in
            for route in fixture.router().routes where route.template.hasPrefix("/v1") {
                let missing = try #require(route.access.scopes.last)
                let token = fixture.tokens.make(Set(Scope.allCases).subtracting([missing]))
                let answer = try await ask(route.method, path(route), token: token)
                #expect(answer.status == 403, "\(route.method) \(route.template)")
                #expect(answer.slug == "scope-missing")
                #expect(answer.detail.contains(missing.rawValue))
            }
        }
    }

    @Test(
        "what is no token, or nobody's token, is refused",
        arguments: [
            "", "x", "ota_x_y", "ota_AAAAAAAAAAAA_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "a b c", "ota_\u{00e4}",
        ])
    func unusable(token: String) async throws {
        let fixture = try Fixture()
        try await fixture.serve { ask async throws in
            let answer = try await ask(.get, "/v1/devices", token: nil, headers: [.authorization: "Bearer \(token)"])
            #expect(answer.status == 401)
            #expect(answer.slug == "token-invalid")
        }
    }

    @Test("a scheme other than Bearer is no token")
    func otherScheme() async throws {
        let fixture = try Fixture()
        try await fixture.serve { ask async throws in
            let answer = try await ask(.get, "/v1/devices", token: nil, headers: [.authorization: "Basic b3RhOm90YQ=="])
            #expect(answer.slug == "token-missing")
            let lower = try await ask(.get, "/v1/devices", token: nil, headers: [.authorization: "bearer \(fixture.token)"])
            #expect(lower.status == 200)
        }
    }

    @Test("the right id with another secret is refused")
    func wrongSecret() async throws {
        let fixture = try Fixture()
        try await fixture.serve { ask async throws in
            let other = "\(fixture.token.dropLast(43))\(String(repeating: "A", count: 43))"
            #expect(try await ask(.get, "/v1/devices", token: other).slug == "token-invalid")
        }
    }

    @Test("a token works until the second in which it expires")
    func expired() async throws {
        let fixture = try Fixture()
        let token = fixture.tokens.make([.devicesRead], expiresAt: fixture.clock.now + 60)
        try await fixture.serve { ask async throws in
            fixture.clock.move(by: 59)
            #expect(try await ask(.get, "/v1/devices", token: token).status == 200)
            fixture.clock.move(by: 1)
            let answer = try await ask(.get, "/v1/devices", token: token)
            #expect(answer.status == 401)
            #expect(answer.slug == "token-expired")
        }
    }

    @Test("a token that is removed works no longer")
    func removed() async throws {
        let fixture = try Fixture()
        let token = fixture.tokens.make([.devicesRead])
        let id = token.split(separator: "_")[1]
        try await fixture.serve { ask async throws in
            let list = try await ask(.get, "/v1/tokens")
            #expect(list.list("tokens").contains { $0["id"] as? String == String(id) })
            #expect(!list.text.lowercased().contains("digest"))
            #expect(try await ask(.delete, "/v1/tokens/\(id)").status == 204)
            #expect(try await ask(.delete, "/v1/tokens/\(id)").slug == "token-unknown")
            #expect(try await ask(.get, "/v1/devices", token: token).slug == "token-invalid")
        }
    }

    @Test("no token and no query reaches the log or an answer")
    func secrecy() async throws {
        let fixture = try Fixture()
        let expired = fixture.tokens.make([.devicesRead], expiresAt: 1)
        let poor = fixture.tokens.make([.updatesRead])
        try await fixture.serve { ask async throws in
            for token in [fixture.token, expired, poor] {
                let secret = String(token.suffix(43))
                for path in [
                    "/v1/devices?cursor=\(token)", "/v1/tokens/\(token)", "/v1/devices/\(token)", "/v1/rollouts/\(token)", "/\(token)",
                ] {
                    for method in [HTTPRequest.Method.get, .delete, .post] {
                        let answer = try await ask(method, path, token: token)
                        if !path.hasPrefix("/v1/devices/"), !path.hasPrefix("/v1/rollouts/") { #expect(!answer.text.contains(secret)) }
                    }
                }
                #expect(!fixture.log.text.contains(secret))
            }
            #expect(fixture.log.text.contains("admin.request"))
        }
    }

    @Test("health and description need no token", arguments: ["/livez", "/readyz", "/openapi.yaml"])
    func open(path: String) async throws {
        let fixture = try Fixture()
        try await fixture.serve { ask async throws in #expect(try await ask(.get, path, token: nil).status == 200) }
    }
}
