import FileTree
import Foundation
import Testing

@testable import TUF

@Suite struct ChannelRotationTests {
    @Test("every role rotates, and a device that knows only the first root follows", arguments: TopRole.allCases)
    func everyRole(role: TopRole) throws {
        let channel = try TestChannel()
        let first = try channel.folder.bytes("ci/1.root.json")
        try channel.repository.rotate(role, .replace(.ed25519), now: .start)
        try channel.repository.rotate(role, .replace(.rsa2048), now: .start)
        let files = try channel.sign().files
        var client = try TrustedMetadata(trustedRoot: first, now: .start)
        for version in 2...3 { try client.updateRoot(try #require(files["\(version).root.json"])) }
        try client.finishRoots()
        _ = try client.updateTimestamp(try #require(files["timestamp.json"]))
        try client.updateSnapshot(try #require(files["snapshot.json"]))
        try client.updateTargets(try #require(files["targets.json"]))
        #expect(client.root.keys(of: role).keys.values.allSatisfy { $0.method == .rsaPSS })
    }

    @Test("a rotated key is gone from the disk, and only its public half is remembered")
    func retired() throws {
        let channel = try TestChannel()
        let old = try #require(channel.keys(of: .targets).keyIDs.first)
        try channel.repository.rotate(.targets, .replace(.ed25519), now: .start)
        #expect(channel.folder.names("ci/keys").count == 4)
        #expect(!channel.folder.names("ci/keys").contains("\(old).json"))
        #expect(try ChannelSettings(in: channel.repository.directory).retired.count == 1)
    }

    @Test("a key that two roles share stays while one of them needs it")
    func shared() throws {
        let channel = try TestChannel()
        let key = try PrivateKey.make(.ed25519)
        for role in [TopRole.snapshot, .timestamp] {
            let old = try channel.keys(of: role).keyIDs
            try channel.repository.rotate(role, .edit(making: nil, adding: [.here(key)], removing: old, threshold: nil), now: .start)
        }
        try channel.repository.rotate(.snapshot, .replace(.ed25519), now: .start)
        try channel.sign().files.verifyAsDevice()
    }

    @Test("a threshold of two needs two keys here, and both sign")
    func twoKeys() throws {
        let channel = try TestChannel()
        try channel.repository.rotate(.targets, .edit(making: .ed25519, adding: [], removing: [], threshold: 2), now: .start)
        let files = try channel.sign().files
        #expect(try Envelope(parsing: #require(files["targets.json"]), as: .targets).signatures.count == 2)
        try files.verifyAsDevice()
        #expect(TUFError.Code.of { try channel.repository.rotate(.targets, .replace(.ed25519), now: .start) } == .thresholdInvalid)
    }

    @Test("a change that would leave this server unable to sign is refused")
    func unableToSign() throws {
        let channel = try TestChannel()
        let elsewhere = RoleKey.elsewhere(try PrivateKey.make(.ed25519).publicKey)
        let old = try channel.keys(of: .targets).keyIDs
        #expect(
            TUFError.Code.of {
                try channel.repository.rotate(.targets, .edit(making: nil, adding: [elsewhere], removing: old, threshold: nil), now: .start)
            } == .keyMissing)
        #expect(
            TUFError.Code.of {
                try channel.repository.rotate(.targets, .edit(making: nil, adding: [elsewhere], removing: [], threshold: 2), now: .start)
            } == .keyMissing)
        #expect(try channel.repository.trust.newest().version == 1)
    }

    @Test("unknown keys, no keys and thresholds without keys are refused, and nothing changes")
    func refused() throws {
        let channel = try TestChannel()
        let stranger = try PrivateKey.make(.ed25519).publicKey.id(profile: .fio)
        let own = try channel.keys(of: .root).keyIDs
        let changes: [(RoleChange, TUFError.Code)] = [
            (.edit(making: nil, adding: [], removing: [stranger], threshold: nil), .keyNotOfRole),
            (.edit(making: nil, adding: [], removing: own, threshold: nil), .thresholdInvalid),
            (.edit(making: nil, adding: [], removing: [], threshold: 2), .thresholdInvalid),
            (.edit(making: nil, adding: [], removing: [], threshold: 0), .thresholdInvalid),
            (.replace(.ecdsaP256), .keyTypeUnsupported),
        ]
        let keys = channel.folder.names("ci/keys")
        for (change, code) in changes {
            #expect(TUFError.Code.of { try channel.repository.rotate(.root, change, now: .start) } == code)
        }
        #expect(try channel.repository.trust.roots().count == 1)
        #expect(channel.folder.names("ci/keys") == keys)
        #expect(!channel.folder.names("ci").contains("pending"))
    }

    @Test("a wrong secret rotates nothing and leaves no key behind")
    func wrongSecret() throws {
        let channel = try TestChannel()
        let keys = channel.folder.names("ci/keys")
        let wrong = ChannelRepository(
            directory: channel.repository.directory, secret: KeySecret.passphrase(SecretBytes("another one".utf8)))
        #expect(TUFError.Code.of { try wrong.rotate(.root, .replace(.ed25519), now: .start) } == .passphraseWrong)
        #expect(channel.folder.names("ci/keys") == keys)
    }

    @Test("what a root before held beyond the specification stays in the next one")
    func unknownMembers() throws {
        let channel = try TestChannel(create: false)
        let keys = try TestKeys.all(.ed25519)
        var draft = try RootDraft(
            profile: .fio, roles: keys.mapValues { $0.map(\.publicKey) }, thresholds: [:], expires: .start + .days(100)
        ).signed()
        guard case .object(let members) = draft else { return }
        draft = .object(members + [("x-note", .string("kept"))])
        let root = try #require(keys[.root]?[0])
        let signer = Signer(key: root, keyID: try root.publicKey.id(profile: .fio))
        let first = try MetadataWriter.file(draft, signedBy: [signer], profile: .fio)
        _ = try ChannelRepository.importFleet(
            FleetFiles(roots: [first], keys: keys.values.flatMap(\.self)), in: channel.repository.directory, secret: channel.secret)
        try channel.repository.rotate(.targets, .replace(.ed25519), now: .start)
        #expect(try channel.repository.trust.newest().envelope.signed["x-note"]?.string == "kept")
    }

    @Test("status tells roles, keys, versions and what should be mended, without a secret")
    func status() throws {
        let channel = try TestChannel()
        _ = try channel.sign()
        let repository = ChannelRepository(directory: channel.repository.directory, secret: nil)
        let status = try repository.status(now: .start)
        #expect(status.newestRoot == 1 && status.targetsVersions == ["main": 1] && status.problems.isEmpty)
        #expect(status.roles.map(\.role) == ["root", "targets", "snapshot", "timestamp"])
        #expect(status.roles.allSatisfy { $0.keys.count == 1 && $0.keys[0].isHere })
        #expect(try repository.status(now: .start + .days(700)).problems.count == 1)
        #expect(try repository.status(now: .start + .days(731)).problems.first?.contains("expired") == true)
        try channel.repository.directory.remove("keys/\(channel.keys(of: .targets).keyIDs[0]).json")
        #expect(try repository.status(now: .start).problems.first?.hasPrefix("targets cannot be signed here") == true)
    }
}
