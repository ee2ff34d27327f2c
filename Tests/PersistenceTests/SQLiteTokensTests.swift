import OperatorAuth
import Persistence
import Testing

@Suite struct SQLiteTokensTests {
    private func record(_ id: String, createdAt: Int64 = 1, expiresAt: Int64? = nil) -> TokenRecord {
        TokenRecord(
            id: id, secretDigest: Array(0..<32), scopes: [.devicesRead, .rolloutsWrite], description: "a 'test' \"ü\"",
            createdAt: createdAt, expiresAt: expiresAt)
    }

    @Test("an unknown token is found by nobody and cannot be removed", arguments: ["", "x", "' OR 1=1 --"])
    func unknown(id: String) async throws {
        let scratch = try Scratch()
        let tokens = SQLiteTokens(try Database.open(dataDirectory: scratch.path))
        try await tokens.add(record("known"))
        #expect(try await tokens.find(id) == nil)
        #expect(try await !tokens.remove(id))
        #expect(try await tokens.list().count == 1)
    }

    @Test("an id is given once")
    func twice() async throws {
        let scratch = try Scratch()
        let tokens = SQLiteTokens(try Database.open(dataDirectory: scratch.path))
        try await tokens.add(record("a", expiresAt: 5))
        await #expect(throws: (any Error).self) { try await tokens.add(record("a")) }
        #expect(try await tokens.find("a")?.expiresAt == 5)
    }

    @Test("tokens are the same after opening again, in order of their making, and a removed one is gone")
    func reopen() async throws {
        let scratch = try Scratch()
        let tokens = SQLiteTokens(try Database.open(dataDirectory: scratch.path))
        let records = [record("b", createdAt: 1), record("a", createdAt: 2, expiresAt: 9), record("c", createdAt: 2)]
        for record in records.reversed() { try await tokens.add(record) }
        let again = SQLiteTokens(try Database.open(dataDirectory: scratch.path))
        #expect(try await again.list() == records)
        #expect(try await again.find("a") == records[1])
        #expect(try await again.remove("a"))
        // Another process sees it at once.
        #expect(try await tokens.find("a") == nil)
    }
}
