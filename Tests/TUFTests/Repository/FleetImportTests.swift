import FileTree
import Foundation
import Testing

@testable import TUF

/// A fleet that another repository signed before.
@Suite struct FleetImportTests {
    private let fleet: Repository
    private let keys: [TopRole: [PrivateKey]]

    init() throws {
        keys = try TestKeys.all(.ed25519)
        var repository = try Repository(profile: .fio, keys: keys, now: .start)
        for _ in 0..<6 { _ = try repository.refresh(now: .start) }
        fleet = repository
    }

    private var roots: [[UInt8]] { fleet.files.filter { $0.key.hasSuffix("root.json") }.map(\.value) }
    private var metadata: [String: [UInt8]] { fleet.files.filter { !$0.key.hasSuffix("root.json") } }

    @Test("with its keys and metadata, what is signed here is newer than what devices have seen, for every tag")
    func takeOver() throws {
        let channel = try TestChannel(create: false)
        let range = try ChannelRepository.importFleet(
            FleetFiles(roots: roots, metadata: metadata, keys: keys.values.flatMap(\.self)), in: channel.repository.directory,
            secret: channel.secret)
        #expect(range == (1, 1))
        let signed = try channel.sign()
        try signed.files.verifyAsDevice()
        #expect((signed.targetsVersion, signed.snapshotVersion, signed.timestampVersion) == (7, 7, 7))
        #expect(try channel.sign(tag: "devel").targetsVersion == 7)
    }

    @Test("the sample's chain of three is imported, its first root out of band")
    func sample() throws {
        let channel = try TestChannel(create: false)
        let chain =
            try [2, 1].map { try DataSample.bytes("trust/ci/\($0).root.json") } + [DataSample.bytes("updates/ci/main/42/tuf/3.root.json")]
        let range = try ChannelRepository.importFleet(FleetFiles(roots: chain), in: channel.repository.directory, secret: nil)
        #expect(range == (1, 3))
        let status = try channel.repository.status(now: .start)
        #expect(status.problems.count == 3 && status.roles.allSatisfy { !$0.keys[0].isHere })
    }

    @Test("a key that the newest root does not name is refused, and nothing is written")
    func strangeKey() throws {
        let channel = try TestChannel(create: false)
        let stranger = try PrivateKey.make(.ed25519)
        #expect(
            TUFError.Code.of {
                _ = try ChannelRepository.importFleet(
                    FleetFiles(roots: roots, keys: [stranger]), in: channel.repository.directory, secret: channel.secret)
            } == .keyNotOfRole)
        #expect(channel.folder.names("ci").filter { $0 != "lock" } == [])
    }

    @Test("a key that only an older root names is refused")
    func oldKey() throws {
        let channel = try TestChannel(create: false)
        var rotated = fleet
        _ = try rotated.rotate(.targets, to: [PrivateKey.make(.ed25519)], now: .start)
        let all = rotated.files.filter { $0.key.hasSuffix("root.json") }.map(\.value)
        #expect(all.count == 2)
        #expect(
            TUFError.Code.of {
                _ = try ChannelRepository.importFleet(
                    FleetFiles(roots: all, keys: keys[.targets] ?? []), in: channel.repository.directory, secret: channel.secret)
            } == .keyNotOfRole)
    }

    @Test("keys and newer roots may come later; another fleet's roots may not")
    func again() throws {
        let channel = try TestChannel(create: false)
        let directory = channel.repository.directory
        _ = try ChannelRepository.importFleet(FleetFiles(roots: roots), in: directory, secret: nil)
        #expect(TUFError.Code.of { _ = try channel.sign() } == .keyMissing)
        _ = try ChannelRepository.importFleet(
            FleetFiles(roots: [], keys: keys.values.flatMap(\.self)), in: directory, secret: channel.secret)
        try channel.sign().files.verifyAsDevice()
        let other = try #require(Repository(profile: .fio, keys: TestKeys.all(.ed25519), now: .start).files["1.root.json"])
        #expect(
            TUFError.Code.of { _ = try ChannelRepository.importFleet(FleetFiles(roots: [other]), in: directory, secret: nil) }
                == .chainBroken)
    }

    @Test("no roots, roots of the standard profile and a broken chain are refused")
    func refused() throws {
        let channel = try TestChannel(create: false)
        let standard = try #require(Repository(profile: .standard, keys: TestKeys.all(.ed25519), now: .start).files["1.root.json"])
        let gap = [try DataSample.bytes("trust/ci/1.root.json"), try DataSample.bytes("updates/ci/main/42/tuf/3.root.json")]
        for (roots, code) in [([], TUFError.Code.rootMissing), ([standard], .profileMixed), (gap, .chainBroken)] {
            #expect(
                TUFError.Code.of {
                    _ = try ChannelRepository.importFleet(FleetFiles(roots: roots), in: channel.repository.directory, secret: nil)
                } == code)
        }
        #expect(channel.folder.names("ci").filter { $0 != "lock" } == [])
    }
}
