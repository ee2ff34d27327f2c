import FileTree
import TUF
import Testing

@Suite struct WorkflowTests {
    private static let new = SimulatedKey(name: "new")

    @Test("the first refresh asks for next root, timestamp, snapshot and targets, a later one for root and timestamp alone")
    func requests() async throws {
        var repository = try RepositorySimulator()
        let client = try SimulatedClient(repository)
        #expect(try await client.refresh(repository) == ["2.root.json", "timestamp.json", "1.snapshot.json", "1.targets.json"])
        #expect(try await client.refresh(repository) == ["2.root.json", "timestamp.json"])
        try repository.publishTimestamp()
        #expect(try await client.refresh(repository) == ["2.root.json", "timestamp.json"])
        try repository.publish()
        #expect(try await client.refresh(repository) == ["2.root.json", "timestamp.json", "2.snapshot.json", "2.targets.json"])
        try repository.publishSnapshot()
        try repository.publishTimestamp()
        #expect(try await client.refresh(repository) == ["2.root.json", "timestamp.json", "3.snapshot.json"])
    }

    @Test("a fio repository's files are asked for without versions, root apart")
    func fioRequests() async throws {
        let repository = try RepositorySimulator(.fio)
        let client = try SimulatedClient(repository)
        #expect(try await client.refresh(repository) == ["2.root.json", "timestamp.json", "snapshot.json", "targets.json"])
        #expect(try await client.refresh(repository) == ["2.root.json", "timestamp.json"])
    }

    @Test("what is stored is what was served, under names without versions, and nothing else ends in .json")
    func stored() async throws {
        var repository = try RepositorySimulator()
        repository.delegations["targets"] = [.init(name: "a/b", keys: [Self.new])]
        repository.targets["a/b"] = ["x": [1]]
        try repository.publish()
        let client = try SimulatedClient(repository)
        try await client.download("x", of: repository)
        let names = ["root": "1.root", "timestamp": "timestamp", "snapshot": "2.snapshot", "targets": "2.targets", "a%2Fb": "1.a%2Fb"]
        let stored = try client.store.contents().filter { $0.key.hasSuffix(".json") }
        #expect(stored.keys.sorted() == names.keys.map { "\($0).json" }.sorted())
        for (name, path) in names { #expect(stored["\(name).json"] == repository.files["\(path).json"], "\(name)") }
    }

    @Test("every root is followed, also expired ones, but the last must not have expired")
    func rotations() async throws {
        var repository = try RepositorySimulator()
        let client = try SimulatedClient(repository)
        for step in 0..<5 {
            repository.formerRootKeys = repository.keys[.root] ?? []
            repository.keys[.root] = [SimulatedKey(name: "root \(step)")]
            repository.expires["root"] = MetadataTime(seconds: 0)
            try repository.publishRoot()
        }
        #expect(await client.code { try await client.refresh(repository) } == .expired)
        // Kept all the same: the way on leads through it.
        #expect(try client.version("root") == 6)
        repository.expires["root"] = nil
        try repository.publishRoot()
        #expect(try await client.refresh(repository).prefix(3) == ["7.root.json", "8.root.json", "timestamp.json"])
        #expect(try client.store.contents()["root.json"] == repository.files["7.root.json"])
    }

    @Test("one run follows 256 roots and no more, and the next one goes on")
    func manyRotations() async throws {
        var repository = try RepositorySimulator()
        let client = try SimulatedClient(repository)
        for _ in 0..<260 { try repository.publishRoot() }
        #expect(try await client.refresh(repository).filter { $0.hasSuffix("root.json") }.count == 256)
        #expect(try client.version("root") == 257)
        #expect(try await client.refresh(repository).filter { $0.hasSuffix("root.json") }.count == 5)
    }

    @Test("only an absent root ends the roots: another failure ends the run, with the roots so far kept")
    func brokenRoot() async throws {
        var repository = try RepositorySimulator()
        let client = try SimulatedClient(repository)
        try repository.publishRoot()
        client.served.fail("3.root.json")
        #expect(await client.code { try await client.refresh(repository) } == .fetchFailed)
        #expect(client.served.takeRequests() == ["2.root.json", "3.root.json"])
        #expect(try client.version("root") == 2)
        client.served.mend()
        try await client.refresh(repository)
    }

    @Test("a timestamp of the same version changes nothing, whatever it says")
    func sameTimestamp() async throws {
        var repository = try RepositorySimulator()
        let client = try SimulatedClient(repository)
        try await client.refresh(repository)
        let before = try client.store.contents()
        repository.versions["timestamp"] = 0
        repository.versions["snapshot"] = 99
        try repository.publishSnapshot()
        try repository.publishTimestamp()
        #expect(try await client.refresh(repository) == ["2.root.json", "timestamp.json"])
        #expect(try client.store.contents() == before)
    }

    @Test("a stored snapshot of the right version with other bytes than timestamp means is fetched anew")
    func otherSnapshot() async throws {
        var repository = try RepositorySimulator()
        let client = try SimulatedClient(repository)
        try await client.refresh(repository)
        repository.versions["snapshot"] = 0
        repository.expires["snapshot"] = MetadataTime(seconds: RepositorySimulator.later.seconds + 1)
        try repository.publishSnapshot()
        try repository.publishTimestamp()
        #expect(try await client.refresh(repository) == ["2.root.json", "timestamp.json", "1.snapshot.json"])
        #expect(try client.store.contents()["snapshot.json"] == repository.files["1.snapshot.json"])
    }

    @Test("a stored timestamp that has expired bars the way back and nothing else")
    func expiredStored() async throws {
        var repository = try RepositorySimulator()
        for role in ["timestamp", "snapshot"] { repository.expires[role] = MetadataTime(seconds: RepositorySimulator.now.seconds + 10) }
        try repository.publish()
        let client = try SimulatedClient(repository)
        try await client.refresh(repository)
        let future = MetadataTime(seconds: RepositorySimulator.now.seconds + 20)
        #expect(await client.code { try await client.refresh(repository, now: future) } == .expired)
        var older = try RepositorySimulator()
        older.versions["timestamp"] = 0
        try older.publishTimestamp()
        #expect(await client.code { try await client.refresh(older, now: future) } == .rollback)
        repository.expires = [:]
        try repository.publish()
        try await client.refresh(repository, now: future)
        #expect(try client.version("timestamp") == 3)
    }

    @Test("a run that broke off goes on where it was", arguments: ["timestamp.json", "1.snapshot.json", "1.targets.json"])
    func brokenOff(path: String) async throws {
        let repository = try RepositorySimulator()
        let client = try SimulatedClient(repository)
        client.served.fail(path)
        #expect(await client.code { try await client.refresh(repository) } == .fetchFailed)
        client.served.mend()
        let all = ["2.root.json", "timestamp.json", "1.snapshot.json", "1.targets.json"]
        let place = try #require(all.firstIndex(of: path))
        #expect(try await client.refresh(repository) == Array(all[..<2]) + (place < 2 ? Array(all[2...]) : Array(all[place...])))
    }

    @Test("stored files that were damaged are fetched anew", arguments: ["timestamp.json", "snapshot.json", "targets.json"])
    func damaged(name: String) async throws {
        let repository = try RepositorySimulator()
        let client = try SimulatedClient(repository)
        try await client.refresh(repository)
        let good = try client.store.contents()
        for bytes in [[], Array("{".utf8), Array((good[name] ?? []).dropLast()), [0]] {
            try client.store.directory.replace(name, with: bytes)
            try await client.refresh(repository)
            #expect(try client.store.contents() == good)
        }
    }

    @Test("a damaged or absent root in the store ends the run before anything is asked for")
    func damagedRoot() async throws {
        let repository = try RepositorySimulator()
        let client = try SimulatedClient(repository)
        try client.store.directory.replace("root.json", with: Array("{}".utf8))
        #expect(await client.code { try await client.refresh(repository) } == .memberMissing)
        try client.store.directory.remove("root.json")
        #expect(await client.code { try await client.refresh(repository) } == .rootMissing)
        #expect(client.served.takeRequests() == [])
    }

    @Test("a root that its own keys did not sign is not taken as the first")
    func initialize() throws {
        var repository = try RepositorySimulator()
        repository.thresholds[.root] = 2
        try repository.publishRoot()
        #expect { try SimulatedClient(repository, root: 2) } throws: { ($0 as? TUFError)?.code == .thresholdNotMet }
    }

    @Test("the store is taken by one process at a time")
    func lock() throws {
        let folder = try TemporaryDirectory()
        let store = MetadataStore(folder.directory)
        let lock = try store.lock()
        #expect { try store.lock() } throws: { ($0 as? TUFError)?.code == .storage }
        withExtendedLifetime(lock) {}
    }
}
