import TUF
import Testing

/// Which names a delegation's patterns are responsible for, as the reference implementation matches them.
@Suite struct NamePatternTests {
    private func isResponsible(_ pattern: String, _ name: String) async throws -> Bool {
        var repository = try RepositorySimulator()
        let key = SimulatedKey(name: "key")
        repository.delegations["targets"] = [.init(name: "A", keys: [key], paths: [pattern])]
        repository.targets["A"] = [name: [1]]
        try repository.publish()
        let client = try SimulatedClient(repository)
        var updater = try await client.refreshed(repository)
        return (try? await updater.target(named: name)) != nil
    }

    @Test(
        "a pattern includes",
        arguments: [
            ("*", "a"), ("a*c", "abbc"), ("a*c", "ac"), ("*.t?t", "x.txt"), ("a/*", "a/b"), ("*/*/c", "a/b/c"), ("[a-c]x", "bx"),
            ("[!a-c]x", "dx"), ("[]]", "]"), ("[a]*", "abc"), ("a[", "a["), ("**", "abc"), ("?", "é"), ("[é-ü]", "ö"),
            ("a*b*c*d", "aXbXcXbXcXd"),
            ("a-b", "a-b"), ("a.b", "a.b"),
        ])
    func includes(pattern: String, name: String) async throws { #expect(try await isResponsible(pattern, name)) }

    @Test(
        "a pattern does not include",
        arguments: [
            ("*", "a/b"), ("a/*", "a/b/c"), ("a/*", "a"), ("?", "ab"), ("?", "/"), ("[a-c]", "d"), ("[!a-c]", "b"), ("a.b", "axb"),
            ("A", "a"),
            ("a", "A"), ("a*", "/a"), ("", "a"), ("a[/]b", "a/b"), ("é", "e\u{301}"), ("*/", "a"),
        ])
    func excludes(pattern: String, name: String) async throws { #expect(try await !isResponsible(pattern, name)) }

    @Test("a pattern of many stars costs little against a name that it does not include")
    func hostile() async throws {
        #expect(try await !isResponsible(String(repeating: "*a", count: 500) + "b", String(repeating: "a", count: 1000)))
    }
}
