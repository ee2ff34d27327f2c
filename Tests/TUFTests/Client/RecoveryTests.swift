import TUF
import Testing

/// Fast-forward attacks and the way out of them (TUF §5.3.11).
@Suite struct RecoveryTests {
    private static let new = SimulatedKey(name: "new")

    /// A client that has seen timestamp, snapshot and targets with far too high versions.
    private func attacked() async throws -> (RepositorySimulator, SimulatedClient) {
        var repository = try RepositorySimulator()
        let client = try SimulatedClient(repository)
        for role in ["timestamp", "snapshot", "targets"] { repository.versions[role] = 1_000 }
        try repository.publish()
        try await client.refresh(repository)
        for role in ["timestamp", "snapshot", "targets"] { repository.versions[role] = 1 }
        return (repository, client)
    }

    @Test("without new keys nothing goes down again")
    func refused() async throws {
        var (repository, client) = try await attacked()
        try repository.publish()
        #expect(await client.code { try await client.refresh(repository) } == .rollback)
        #expect(try client.version("timestamp") == 1_001)
    }

    @Test("after new keys of timestamp or of snapshot all versions may be lower", arguments: [TopRole.timestamp, .snapshot])
    func recovered(role: TopRole) async throws {
        var (repository, client) = try await attacked()
        repository.keys[role] = [Self.new]
        try repository.publishRoot()
        try repository.publish()
        try await client.refresh(repository)
        for role in ["timestamp", "snapshot", "targets"] { #expect(try client.version(role) == 2) }
        // And from here on nothing goes down again.
        repository.versions["timestamp"] = 0
        try repository.publishTimestamp()
        #expect(await client.code { try await client.refresh(repository) } == .rollback)
    }

    @Test("new keys of targets recover nothing", arguments: [TopRole.targets, .root])
    func otherKeys(role: TopRole) async throws {
        var (repository, client) = try await attacked()
        repository.formerRootKeys = repository.keys[.root] ?? []
        repository.keys[role] = [Self.new]
        try repository.publishRoot()
        try repository.publish()
        #expect(await client.code { try await client.refresh(repository) } == .rollback)
    }

    @Test("a run that broke off after the new root recovers the next time, and what was stored stays until then")
    func brokenOff() async throws {
        var (repository, client) = try await attacked()
        repository.keys[.snapshot] = [Self.new]
        try repository.publishRoot()
        try repository.publish()
        let before = try client.store.contents()
        client.served.fail("timestamp.json")
        #expect(await client.code { try await client.refresh(repository) } == .fetchFailed)
        #expect(try client.version("root") == 2)
        for name in ["timestamp.json", "snapshot.json", "targets.json"] { #expect(try client.store.contents()[name] == before[name]) }
        client.served.mend()
        client.served.fail("2.snapshot.json")
        #expect(await client.code { try await client.refresh(repository) } == .fetchFailed)
        client.served.mend()
        try await client.refresh(repository)
        #expect(try client.version("snapshot") == 2)
        #expect(try client.store.contents().keys.filter { $0.hasSuffix(".void") } == [])
    }

    @Test("after a new key the same files are taken again")
    func sameFiles() async throws {
        var repository = try RepositorySimulator()
        let client = try SimulatedClient(repository)
        try await client.refresh(repository)
        repository.keys[.snapshot]?.append(Self.new)
        try repository.publishRoot()
        #expect(try await client.refresh(repository) == ["2.root.json", "3.root.json", "timestamp.json", "1.snapshot.json"])
        #expect(try await client.refresh(repository) == ["3.root.json", "timestamp.json"])
    }
}
