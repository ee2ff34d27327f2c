import Foundation
import Testing

@Suite("Everything that ends some day")
struct ExpiryTests {
    private struct Entry: Equatable {
        let kind: String
        let subject: String
        let at: String
        let remedy: String

        init(_ document: [String: Any]) {
            kind = document["kind"] as? String ?? ""
            subject = document["subject"] as? String ?? ""
            at = document["expiresAt"] as? String ?? ""
            remedy = document["remedy"] as? String ?? ""
        }
    }

    private static func entries(_ document: Any?) -> [Entry] {
        ((document as? [String: Any])?["expiries"] as? [[String: Any]] ?? []).map(Entry.init)
    }

    @Test("One list has roots, metadata, certificates, revocation lists and tokens, soonest first, by the API and the command")
    func all() async throws {
        let server = try await TestServer.start(trust: .own)
        defer { server.stop() }
        try await server.importBuilt("1")
        func list() async throws -> [Entry] {
            let answer = try await server.api("GET", "/v1/expiry?limit=1000")
            #expect(answer.status == 200, "\(answer)")
            let entries = Self.entries(answer.json)
            #expect(entries.map(\.at) == entries.map(\.at).sorted())
            #expect(entries.allSatisfy { !$0.remedy.isEmpty && !$0.subject.isEmpty && $0.at.hasSuffix("Z") }, "\(entries)")
            // The command reads the database, into which a device's contacts are written behind.
            await expectEventually {
                guard let printed = try? await server.otaserve("expiry", "-o", "json") else { return false }
                return Self.entries(try? JSONSerialization.jsonObject(with: Data(printed.utf8))) == entries
            }
            return entries
        }
        let before = try await list()
        func has(_ kind: String, _ word: String, in entries: [Entry]) -> Bool {
            entries.contains { $0.kind == kind && (word.isEmpty || $0.subject.contains(word)) }
        }
        for channel in ["ci", "prod"] { #expect(has("root", channel, in: before)) }
        for kind in ["targets", "snapshot", "timestamp", "bundle-targets"] { #expect(has(kind, "ci/main/1", in: before), "\(kind)") }
        for (kind, word) in [("server-certificate", "localhost"), ("authority", "root"), ("token", "")] {
            #expect(has(kind, word, in: before), "\(kind)")
        }
        #expect(!before.contains { ["device-certificate", "revocation-list"].contains($0.kind) })
        #expect(before.filter { $0.kind == "timestamp" }.allSatisfy { $0.remedy.contains("by itself") })

        // A device's certificate is known from its first contact on; a revocation makes a list.
        let device = try await server.device("one")
        #expect(try await device.get("/device", tag: "main").status == 200)
        #expect(has("device-certificate", "one", in: try await list()))
        _ = try await server.device("lost")
        let lost = try #require(server.names("devices-of-test").first { $0.hasPrefix("lost") })
        try await server.otaserve("pki", "revoke", "--certificate", "\(server.datadir)/devices-of-test/\(lost)/client.pem")
        #expect(try await list().contains { $0.kind == "revocation-list" })

        let table = try await server.otaserve("expiry")
        for word in ["EXPIRES", "REMEDY", "timestamp", "ci/main/1", "revocation-list"] { #expect(table.contains(word), "\(word)") }
        let first = try await server.api("GET", "/v1/expiry?limit=1")
        #expect(Self.entries(first.json) == Array(try await list().prefix(1)))
        let token = try await server.otaserve("token", "create", "--scope", "devices:read", "--expires", "1d")
        let refused = try await server.api("GET", "/v1/expiry", token: token.trimmingCharacters(in: .whitespacesAndNewlines))
        #expect(refused.status == 403)
    }

    @Test("What another signs is named as such: its remedy is an import, not waiting")
    func foreign() async throws {
        let server = try await SharedServer.get()
        let entries = Self.entries(try await server.api("GET", "/v1/expiry?limit=1000").json)
        let samples = entries.filter { $0.subject == "ci/main/42" }
        #expect(Set(samples.map(\.kind)) == ["targets", "snapshot", "timestamp", "bundle-targets"], "\(entries)")
        #expect(samples.allSatisfy { $0.remedy.contains("signed elsewhere") })
    }
}
