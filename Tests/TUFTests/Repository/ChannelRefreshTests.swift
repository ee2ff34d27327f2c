import FileTree
import Testing

@testable import TUF

@Suite struct ChannelRefreshTests {
    @Test("nothing is refreshed while it lasts, and all of it before it ends")
    func due() throws {
        let channel = try TestChannel()
        let update = try channel.sign()
        func refresh(_ days: Int64, margin: Duration = .days(30)) throws -> [String: [UInt8]]? {
            try channel.repository.refresh(update.files, tag: "main", now: .start + .days(days), ifExpiringWithin: margin)
        }
        #expect(try refresh(0) == nil)
        #expect(try refresh(59) == nil)
        let renewed = try #require(try refresh(60))
        try renewed.verifyAsDevice()
        let timestamp = try TimestampMetadata(parsing: #require(renewed["timestamp.json"]))
        #expect(timestamp.version == 2 && timestamp.expires == .start + .days(150))
        #expect(try TargetsMetadata(parsing: #require(renewed["targets.json"])).version == 2)
        #expect(try SnapshotMetadata(parsing: #require(renewed["snapshot.json"])).version == 2)
        let bundle = try BundleTargets(parsing: #require(renewed["bundle-targets.json"]), signedBy: channel.keys(of: .targets))
        #expect(bundle.common.version == 2 && bundle.tag == "main")
    }

    @Test("a refresh keeps the targets as they are")
    func sameTargets() throws {
        let channel = try TestChannel()
        let update = try channel.sign()
        let renewed = try #require(try channel.repository.refresh(update.files, tag: "main", now: .start + .days(80)))
        func targets(_ files: [String: [UInt8]]) throws -> [TargetFile] {
            try TargetsMetadata(parsing: #require(files["targets.json"])).files()
        }
        #expect(try targets(renewed) == targets(update.files))
    }

    @Test("an update without a bundle gets none")
    func noBundle() throws {
        let channel = try TestChannel()
        let update = try channel.repository.signUpdate(images: [channel.image()], tag: "main", channel: "ci", bundle: false, now: .start)
        #expect(update.files["bundle-targets.json"] == nil)
        let renewed = try #require(try channel.repository.refresh(update.files, tag: "main", now: .start + .days(80)))
        #expect(renewed["bundle-targets.json"] == nil)
    }

    @Test("metadata that others signed are never touched, though they have expired")
    func foreign() throws {
        let channel = try TestChannel()
        let other = try TestChannel().sign().files
        let far = MetadataTime.start + .days(10_000)
        for files in [try DataSample.update("ci/main/42"), other] {
            #expect(try channel.repository.refresh(files, tag: "main", now: far) == nil)
            #expect(try channel.repository.isOurs(Envelope(parsing: #require(files["targets.json"]), as: .targets)) == false)
        }
        // One foreign file among ours is enough.
        var mixed = try channel.sign().files
        mixed["bundle-targets.json"] = other["bundle-targets.json"]
        #expect(try channel.repository.refresh(mixed, tag: "main", now: far) == nil)
        #expect(try channel.sign().targetsVersion == 2)
    }

    @Test("metadata of a trusted chain whose keys are not here are foreign")
    func trustedButForeign() throws {
        let channel = try TestChannel(create: false)
        let roots =
            try [1, 2].map { try DataSample.bytes("trust/ci/\($0).root.json") } + [DataSample.bytes("updates/ci/main/42/tuf/3.root.json")]
        _ = try ChannelRepository.importFleet(FleetFiles(roots: roots), in: channel.repository.directory, secret: nil)
        let files = try DataSample.update("ci/main/42")
        #expect(try channel.repository.refresh(files, tag: "main", now: .start + .days(10_000)) == nil)
        #expect(TUFError.Code.of { _ = try channel.sign() } == .keyMissing)
    }

    @Test("after a rotation, what the old key signed is ours and due", arguments: TopRole.allCases)
    func afterRotation(role: TopRole) throws {
        let channel = try TestChannel()
        let update = try channel.sign()
        try channel.repository.rotate(role, .replace(.ed25519), now: .start)
        #expect(try channel.repository.isOurs(Envelope(parsing: #require(update.files["targets.json"]), as: .targets)))
        let renewed = try #require(try channel.repository.refresh(update.files, tag: "main", now: .start))
        #expect(renewed["2.root.json"] != nil)
        try renewed.verifyAsDevice()
        #expect(try channel.repository.refresh(renewed, tag: "main", now: .start) == nil)
    }

    @Test("a refresh is newer than what it refreshes, also when versions.json came from an old backup")
    func oldLedger() throws {
        let channel = try TestChannel()
        let backup = try channel.folder.bytes("ci/versions.json")
        for _ in 0..<4 { _ = try channel.sign() }
        let update = try channel.sign()
        try channel.folder.write("ci/versions.json", backup)
        let renewed = try #require(try channel.repository.refresh(update.files, tag: "main", now: .start + .days(80)))
        #expect(try TimestampMetadata(parsing: #require(renewed["timestamp.json"])).version == 6)
        #expect(try TargetsMetadata(parsing: #require(renewed["targets.json"])).version == 6)
    }

    @Test("when one update is due, all that were signed after it are refreshed too, in their order")
    func order() throws {
        let channel = try TestChannel()
        let first = try channel.sign("1").files
        let second = try channel.sign("2", now: .start + .days(20)).files
        let third = try channel.sign("1", tag: "devel", now: .start + .days(40)).files
        let foreign = try DataSample.update("ci/main/42")
        let updates = [
            RefreshableUpdate(name: "third", tag: "devel", files: third), RefreshableUpdate(name: "foreign", tag: "main", files: foreign),
            RefreshableUpdate(name: "first", tag: "main", files: first), RefreshableUpdate(name: "second", tag: "main", files: second),
        ]
        #expect(try channel.repository.refreshAll(updates, now: .start + .days(41)).isEmpty)
        let renewed = try channel.repository.refreshAll(updates, now: .start + .days(61))
        #expect(renewed.map(\.name) == ["first", "second", "third"])
        let versions = try renewed.map { try TimestampMetadata(parsing: #require($0.files["timestamp.json"])).version }
        #expect(versions == [4, 5, 6])
        // Only the second and the third: the first was refreshed alone.
        let later = try channel.repository.refreshAll(
            [updates[0], updates[3], RefreshableUpdate(name: "first", tag: "main", files: renewed[0].files)], now: .start + .days(81))
        #expect(later.map(\.name) == ["second", "third", "first"])
    }

    @Test("versions that devices saw under this chain raise ours; others' do not")
    func observing() throws {
        let channel = try TestChannel()
        let other = try TestChannel()
        for _ in 0..<5 { _ = try other.sign() }
        try channel.repository.observe(other.sign().files, tag: nil)
        #expect(try channel.sign().targetsVersion == 1)
        let backup = try channel.folder.bytes("ci/versions.json")
        for _ in 0..<5 { _ = try channel.sign() }
        let seen = try channel.sign()
        #expect(seen.targetsVersion == 7)
        try channel.folder.write("ci/versions.json", backup)
        try channel.repository.observe(seen.files, tag: nil)
        #expect(try channel.sign(tag: "devel").targetsVersion == 8)
        #expect(try channel.sign().timestampVersion == 9)
    }

    @Test("what is no update of metadata is passed over, what is damaged is named")
    func damaged() throws {
        let channel = try TestChannel()
        #expect(try channel.repository.refresh([:], tag: "main", now: .start) == nil)
        var files = try channel.sign().files
        files["snapshot.json"] = Array("{".utf8)
        let update = RefreshableUpdate(name: "ci/main/42", tag: "main", files: files)
        let error = #expect(throws: TUFError.self) { try channel.repository.refreshAll([update], now: .start) }
        #expect(error?.message.hasPrefix("ci/main/42: ") == true)
    }
}
