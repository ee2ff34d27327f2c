import Testing

@testable import TUF

@Suite struct RepositoryTests {
    private func target(_ name: String) -> TargetFile {
        TargetFile(name: name, length: 0, hashes: Hashes(sha256: [UInt8](repeating: 7, count: 32)))
    }

    @Test("fewer keys than the threshold are refused, and a threshold of none", arguments: [0, -1, 3])
    func thresholds(threshold: Int) throws {
        #expect(
            TUFError.Code.of {
                _ = try Repository(
                    profile: .standard, keys: TestKeys.all(.ed25519, count: 2), thresholds: [.targets: threshold], now: .start)
            } == .thresholdInvalid)
    }

    @Test("the same key given twice counts once")
    func sameKey() throws {
        var keys = try TestKeys.all(.ed25519)
        keys[.root] = [keys[.root]![0], keys[.root]![0]]
        #expect(
            TUFError.Code.of { _ = try Repository(profile: .fio, keys: keys, thresholds: [.root: 2], now: .start) } == .thresholdInvalid)
    }

    @Test("every signing raises versions: publish what changed, refresh all", arguments: Profile.allCases)
    func versions(profile: Profile) throws {
        var repository = try Repository(profile: profile, keys: TestKeys.all(.ed25519), now: .start)
        try repository.set(target("a"))
        _ = try repository.publish(now: .start)
        #expect(repository.versions == [.targets: 1, .snapshot: 1, .timestamp: 1])
        _ = try repository.publish(now: .start)
        #expect(repository.versions == [.targets: 1, .snapshot: 2, .timestamp: 2])
        try repository.removeTarget(named: "a")
        _ = try repository.publish(now: .start)
        #expect(repository.versions == [.targets: 2, .snapshot: 3, .timestamp: 3])
        _ = try repository.refresh(now: .start)
        #expect(repository.versions == [.targets: 3, .snapshot: 4, .timestamp: 4])
        #expect(TUFError.Code.of { try repository.removeTarget(named: "a") } == .targetUnknown)
    }

    @Test("names carry versions in consistent snapshots and nowhere else")
    func names() throws {
        var standard = try Repository(profile: .standard, keys: TestKeys.all(.ed25519), now: .start)
        #expect(Set(try standard.publish(now: .start).keys) == ["1.targets.json", "1.snapshot.json", "timestamp.json"])
        var fio = try Repository(profile: .fio, keys: TestKeys.all(.ed25519), now: .start)
        #expect(Set(try fio.publish(now: .start).keys) == ["targets.json", "snapshot.json", "timestamp.json"])
    }

    @Test(
        "every role's key rotates, and a client follows", arguments: Profile.allCases, TopRole.allCases)
    func rotation(profile: Profile, role: TopRole) throws {
        let thresholds = [TopRole.root: 2].merging([role: 2]) { $1 }
        var repository = try Repository(profile: profile, keys: TestKeys.all(.ed25519, count: 3), thresholds: thresholds, now: .start)
        try repository.set(target("a"))
        _ = try repository.publish(now: .start)
        let first = try #require(repository.files["1.root.json"])
        let fresh = try (0..<2).map { _ in try PrivateKey.make(.ed25519) }
        let written = try repository.rotate(role, to: fresh, now: .start)
        #expect(written["2.root.json"] != nil && written["timestamp.json"] != nil)
        var client = try TrustedMetadata(trustedRoot: first, now: .start)
        try client.updateRoot(try #require(repository.files["2.root.json"]))
        try client.finishRoots()
        _ = try client.updateTimestamp(try #require(repository.files["timestamp.json"]))
        let prefix = profile == .standard ? "2." : ""
        try client.updateSnapshot(try #require(repository.files[prefix + "snapshot.json"]))
        try client.updateTargets(try #require(repository.files[prefix + "targets.json"]))
        #expect(client.targets?.count == 1)
        #expect(client.root.keys(of: role).threshold == 2)
        #expect(Set(client.root.keys(of: role).keys.values) == Set(fresh.map(\.publicKey)))
    }

    @Test("a rotation that cannot be signed changes nothing")
    func failedRotation() throws {
        var repository = try Repository(profile: .fio, keys: TestKeys.all(.ed25519), now: .start)
        let before = repository.files
        #expect(throws: TUFError.self) { try repository.rotate(.root, to: [], now: .start) }
        #expect(throws: TUFError.self) { try repository.rotate(.targets, to: [PrivateKey.make(.ed25519)], threshold: 2, now: .start) }
        #expect(throws: TUFError.self) { try repository.rotate(.targets, to: [PrivateKey.make(.ecdsaP256)], now: .start) }
        #expect(repository.files == before)
        #expect(throws: Never.self) { try repository.publish(now: .start) }
    }

    @Test("a repository is taken up from its files and goes on with higher versions", arguments: Profile.allCases)
    func resuming(profile: Profile) throws {
        let keys = try TestKeys.all(.ed25519)
        var repository = try Repository(profile: profile, keys: keys, now: .start)
        try repository.set(target("a"))
        _ = try repository.publish(now: .start)
        var again = try Repository(resuming: repository.files, keys: keys)
        #expect(again.targets["a"] == target("a"))
        try again.set(target("b"))
        _ = try again.publish(now: .start)
        #expect(again.versions == [.targets: 2, .snapshot: 2, .timestamp: 2])
        var damaged = repository.files
        damaged["timestamp.json"]?[40] ^= 1
        #expect(throws: TUFError.self) { try Repository(resuming: damaged, keys: keys) }
    }

    @Test("a root that devices would not read to its end is refused")
    func tooLarge() throws {
        let channel = try TestChannel()
        let keys = try (0..<400).map { _ in RoleKey.elsewhere(try PrivateKey.make(.ed25519).publicKey) }
        #expect(
            TUFError.Code.of {
                try channel.repository.rotate(.root, .edit(making: nil, adding: keys, removing: [], threshold: nil), now: .start)
            } == .tooLarge)
        #expect(try channel.repository.trust.newest().version == 1)
    }
}
