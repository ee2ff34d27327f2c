import TUF
import Testing

/// The state machine without a store.
@Suite struct TrustedMetadataTests {
    private func file(_ repository: RepositorySimulator, _ name: String) throws -> [UInt8] { try #require(repository.files[name]) }

    @Test("after a change of the keys of timestamp or snapshot, stored ones are not looked at", arguments: [TopRole.timestamp, .snapshot])
    func recovering(role: TopRole) throws {
        var repository = try RepositorySimulator()
        repository.versions["timestamp"] = 99
        repository.versions["snapshot"] = 99
        try repository.publish()
        let stored = (timestamp: try file(repository, "timestamp.json"), snapshot: try file(repository, "100.snapshot.json"))
        // The old keys stay, so the stored files would still be verified.
        repository.keys[role]?.append(SimulatedKey(name: "new"))
        repository.versions["timestamp"] = 1
        repository.versions["snapshot"] = 1
        try repository.publishRoot()
        try repository.publish()
        var trusted = try TrustedMetadata(trustedRoot: try file(repository, "1.root.json"), now: RepositorySimulator.now)
        try trusted.updateRoot(try file(repository, "2.root.json"))
        #expect(trusted.isRecovering)
        try trusted.finishRoots()
        try trusted.loadStoredTimestamp(stored.timestamp)
        #expect(trusted.timestamp == nil)
        #expect(try trusted.updateTimestamp(try file(repository, "timestamp.json")) == .new)
        try trusted.updateSnapshot(stored.snapshot, isTrusted: true)
        #expect(trusted.snapshot == nil)
        try trusted.updateSnapshot(try file(repository, "2.snapshot.json"))
        #expect(trusted.snapshot?.version == 2)
    }

    @Test("files are taken in their order alone")
    func order() throws {
        let repository = try RepositorySimulator()
        let (timestamp, snapshot) = (try file(repository, "timestamp.json"), try file(repository, "1.snapshot.json"))
        let targets = try file(repository, "1.targets.json")
        var trusted = try TrustedMetadata(trustedRoot: try file(repository, "1.root.json"), now: RepositorySimulator.now)
        func refuses(_ body: () throws -> Void) { #expect(throws: TUFError.self, performing: body) }
        refuses { _ = try trusted.updateTimestamp(timestamp) }
        refuses { try trusted.loadStoredTimestamp(timestamp) }
        refuses { try trusted.updateSnapshot(snapshot) }
        refuses { try trusted.updateTargets(targets) }
        try trusted.finishRoots()
        refuses { try trusted.updateRoot(timestamp) }
        refuses { try trusted.updateSnapshot(snapshot) }
        #expect(try trusted.updateTimestamp(timestamp) == .new)
        #expect(try trusted.updateTimestamp(timestamp) == .unchanged)
        refuses { try trusted.updateTargets(targets) }
        try trusted.updateSnapshot(snapshot)
        refuses { _ = try trusted.updateTimestamp(timestamp) }
        try trusted.updateTargets(targets)
        refuses { try trusted.updateSnapshot(snapshot) }
        #expect(try trusted.targets?.target(named: "top.txt")?.length == 4)
    }

    @Test("whatever is refused changes nothing")
    func unchanged() throws {
        var repository = try RepositorySimulator()
        var trusted = try TrustedMetadata(trustedRoot: try file(repository, "1.root.json"), now: RepositorySimulator.now)
        try trusted.finishRoots()
        repository.expires["timestamp"] = RepositorySimulator.now
        try repository.publishTimestamp()
        #expect(throws: TUFError.self) { try trusted.updateTimestamp(try file(repository, "timestamp.json")) }
        #expect(trusted.timestamp == nil)
        repository.expires["timestamp"] = nil
        try repository.publishTimestamp()
        #expect(try trusted.updateTimestamp(try file(repository, "timestamp.json")) == .new)
        #expect(throws: TUFError.self) { try trusted.updateSnapshot([]) }
        #expect(trusted.snapshot == nil && trusted.timestamp?.version == 3)
    }
}
