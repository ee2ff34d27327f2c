import FileTree
import Foundation
import Testing

@testable import TUF

@Suite struct OfflineRootTests {
    private let rootKeys: [PrivateKey]

    init() throws { rootKeys = try (0..<3).map { _ in try PrivateKey.make(.ed25519) } }

    private func channel(threshold: Int = 2) throws -> TestChannel {
        try TestChannel(root: .elsewhere(keys: rootKeys.map(\.publicKey), threshold: threshold))
    }

    private func pending(_ channel: TestChannel, _ version: Int) throws -> [UInt8] {
        try channel.folder.bytes("ci/pending/\(version).root.json")
    }

    private func signed(_ bytes: [UInt8], _ keys: PrivateKey..., previous: [UInt8]? = nil) throws -> [UInt8] {
        try RootSigning(bytes, previous: previous).signed(by: keys)
    }

    private func missing(_ outcome: RootOutcome) -> [Int] {
        guard case .pending(let signatures) = outcome else { return [] }
        return signatures.tallies.map(\.missing)
    }

    private func isPublished(_ outcome: RootOutcome, _ version: Int64) -> Bool {
        if case .published(version) = outcome { true } else { false }
    }

    @Test("a root with keys elsewhere waits until two of three signed, and only then is anything signed")
    func twoOfThree() throws {
        let channel = try channel()
        #expect(channel.folder.names("ci/pending") == ["1.root.json"])
        #expect(channel.folder.names("ci/keys").count == 3)
        #expect(TUFError.Code.of { _ = try channel.sign() } == .channelMissing)
        let file = try pending(channel, 1)
        #expect(missing(try channel.repository.importSignatures([signed(file, rootKeys[0])])) == [1])
        // The same signer again does not count twice.
        #expect(missing(try channel.repository.importSignatures([signed(file, rootKeys[0])])) == [1])
        let status = try channel.repository.status(now: .start)
        #expect(status.pending?.tallies.map(\.missing) == [1] && status.pending?.tallies[0].signed.count == 1)
        #expect(isPublished(try channel.repository.importSignatures([signed(file, rootKeys[2])]), 1))
        #expect(channel.folder.names("ci/pending") == [])
        try channel.sign().files.verifyAsDevice()
    }

    @Test("two files of two signers are imported at once")
    func together() throws {
        let channel = try channel()
        let file = try pending(channel, 1)
        #expect(isPublished(try channel.repository.importSignatures([signed(file, rootKeys[1]), signed(file, rootKeys[2])]), 1))
    }

    @Test("a signer who is none of the root's is refused, where it signs and where it is imported")
    func wrongSigner() throws {
        let channel = try channel()
        let file = try pending(channel, 1)
        let stranger = try PrivateKey.make(.ed25519)
        #expect(TUFError.Code.of { _ = try signed(file, stranger) } == .keyNotOfRole)
        let envelope = try Envelope(parsing: file, as: .root)
        let forged = try MetadataWriter.file(
            envelope.signed.value,
            signatures: [
                Signer(key: stranger, keyID: rootKeys[0].publicKey.id(profile: .fio)).signature(
                    of: MetadataWriter.message(envelope.signed.value, profile: .fio), profile: .fio)
            ], profile: .fio)
        #expect(TUFError.Code.of { _ = try channel.repository.importSignatures([forged]) } == .keyNotOfRole)
        #expect(try pending(channel, 1) == file)
    }

    @Test("a signature over another root is refused")
    func anotherRoot() throws {
        let channel = try channel()
        let other = try self.channel()
        let elsewhere = try signed(pending(other, 1), rootKeys[0])
        #expect(TUFError.Code.of { _ = try channel.repository.importSignatures([elsewhere]) } == .signatureForeign)
        // The pending root with a signature copied from another one.
        let envelope = try Envelope(parsing: pending(channel, 1), as: .root)
        let copied = try MetadataWriter.file(
            envelope.signed.value, signatures: Envelope(parsing: elsewhere, as: .root).signatures, profile: .fio)
        #expect(TUFError.Code.of { _ = try channel.repository.importSignatures([copied]) } == .keyNotOfRole)
        #expect(TUFError.Code.of { _ = try channel.repository.importSignatures([pending(channel, 1)]) } == .signatureForeign)
    }

    @Test("root keys rotate: two of the three old ones and two of the three new ones must sign")
    func rotation() throws {
        let channel = try channel()
        _ = try channel.repository.importSignatures([signed(pending(channel, 1), rootKeys[0], rootKeys[1])])
        let first = try channel.folder.bytes("ci/1.root.json")
        let fresh = try PrivateKey.make(.rsa2048)
        let gone = try rootKeys[0].publicKey.id(profile: .fio)
        let outcome = try channel.repository.rotate(
            .root, .edit(making: nil, adding: [.elsewhere(fresh.publicKey)], removing: [gone], threshold: nil), now: .start)
        #expect(missing(outcome) == [2, 2])
        let file = try pending(channel, 2)
        // The new key counts for the new root only, the removed one for the old root only.
        #expect(missing(try channel.repository.importSignatures([signed(file, fresh, previous: first)])) == [2, 1])
        #expect(missing(try channel.repository.importSignatures([signed(file, rootKeys[0], previous: first)])) == [1, 1])
        #expect(TUFError.Code.of { try channel.repository.rotate(.targets, .replace(.ed25519), now: .start) } == .rootPending)
        // Signing goes on with the root that is out.
        #expect(try channel.sign().files["2.root.json"] == nil)
        #expect(isPublished(try channel.repository.importSignatures([signed(file, rootKeys[1])]), 2))
        try channel.sign().files.verifyAsDevice()
        #expect(try channel.repository.trust.roots().map(\.version) == [1, 2])
    }

    @Test("a signer without the root before is counted by its material, whatever id it writes")
    func withoutPrevious() throws {
        let channel = try channel()
        _ = try channel.repository.importSignatures([signed(pending(channel, 1), rootKeys[0], rootKeys[1])])
        let gone = try rootKeys[0].publicKey.id(profile: .fio)
        _ = try channel.repository.rotate(
            .root, .edit(making: .ed25519, adding: [], removing: [gone], threshold: 1), isUnsigned: true, now: .start)
        let file = try pending(channel, 2)
        #expect(missing(try channel.repository.importSignatures([signed(file, rootKeys[0])])) == [1, 1])
        #expect(isPublished(try channel.repository.importSignatures([signed(file, rootKeys[1])]), 2))
    }

    @Test("an online role rotates under an offline root, and signs with the new key once the root is out")
    func onlineRole() throws {
        let channel = try channel()
        _ = try channel.repository.importSignatures([signed(pending(channel, 1), rootKeys[0], rootKeys[1])])
        let old = try channel.keys(of: .timestamp).keyIDs
        #expect(missing(try channel.repository.rotate(.timestamp, .replace(.ed25519), now: .start)) == [2, 2])
        #expect(channel.folder.names("ci/keys").count == 4)
        try channel.sign().files.verifyAsDevice()
        _ = try channel.repository.importSignatures([signed(pending(channel, 2), rootKeys[1], rootKeys[2])])
        #expect(try channel.keys(of: .timestamp).keyIDs != old)
        #expect(channel.folder.names("ci/keys").count == 3)
        #expect(!channel.folder.names("ci/keys").contains("\(old[0]).json"))
        try channel.sign().files.verifyAsDevice()
    }

    @Test("under an offline root, too, no key is sealed under a second secret")
    func secondSecret() throws {
        let channel = try channel()
        _ = try channel.repository.importSignatures([signed(pending(channel, 1), rootKeys[0], rootKeys[1])])
        let other = ChannelRepository(
            directory: channel.repository.directory, secret: KeySecret.passphrase(SecretBytes("another one".utf8)))
        #expect(TUFError.Code.of { try other.rotate(.targets, .replace(.ed25519), now: .start) } == .passphraseWrong)
        #expect(channel.folder.names("ci/keys").count == 3 && !channel.folder.names("ci/pending").contains("2.root.json"))
    }

    @Test("a root that was made here goes elsewhere, and its key leaves this server with the new root")
    func fromHere() throws {
        let channel = try TestChannel()
        let old = try channel.keys(of: .root).keyIDs
        let added = rootKeys.map { RoleKey.elsewhere($0.publicKey) }
        #expect(
            missing(try channel.repository.rotate(.root, .edit(making: nil, adding: added, removing: old, threshold: 2), now: .start)) == [
                0, 2,
            ])
        #expect(channel.folder.names("ci/keys").contains("\(old[0]).json"))
        let file = try pending(channel, 2)
        #expect(isPublished(try channel.repository.importSignatures([signed(file, rootKeys[0]), signed(file, rootKeys[1])]), 2))
        #expect(!channel.folder.names("ci/keys").contains("\(old[0]).json"))
        try channel.sign().files.verifyAsDevice()
    }

    @Test("the same keys sign a root with a later end")
    func sameKeys() throws {
        let channel = try channel()
        _ = try channel.repository.importSignatures([signed(pending(channel, 1), rootKeys[0], rootKeys[1])])
        let later = MetadataTime.start + .days(600)
        _ = try channel.repository.rotate(.root, .edit(making: nil, adding: [], removing: [], threshold: 2), now: later)
        _ = try channel.repository.importSignatures([signed(pending(channel, 2), rootKeys[0], rootKeys[1])])
        #expect(try channel.repository.trust.newest().metadata.expires == later + .days(730))
    }

    @Test("a root that waits is dropped with the key that was made for it, and no other")
    func discard() throws {
        let channel = try channel()
        _ = try channel.repository.importSignatures([signed(pending(channel, 1), rootKeys[0], rootKeys[1])])
        let before = channel.folder.names("ci/keys")
        try channel.repository.rotate(.targets, .replace(.ed25519), now: .start)
        #expect(channel.folder.names("ci/keys").count == 4)
        #expect(try channel.repository.discardPending() == 2)
        #expect(channel.folder.names("ci/keys") == before)
        #expect(try channel.repository.discardPending() == nil)
        try channel.sign().files.verifyAsDevice()
        #expect(TUFError.Code.of { try channel.repository.importSignatures([]) } == .rootNotPending)
    }

    @Test("a crash between publication and removal of the waiting root does no harm")
    func crash() throws {
        let channel = try channel()
        let file = try signed(pending(channel, 1), rootKeys[0], rootKeys[1])
        try channel.folder.write("ci/1.root.json", file)
        #expect(TUFError.Code.of { try channel.repository.importSignatures([file]) } == .rootNotPending)
        #expect(try channel.repository.status(now: .start).pending == nil)
        try channel.sign().files.verifyAsDevice()
        #expect(missing(try channel.repository.rotate(.targets, .replace(.ed25519), now: .start)) == [2, 2])
    }

    @Test("what is signed is told before: version, expiry, keys that come and go")
    func summary() throws {
        let channel = try channel()
        _ = try channel.repository.importSignatures([signed(pending(channel, 1), rootKeys[0], rootKeys[1])])
        let fresh = try PrivateKey.make(.ed25519).publicKey
        let gone = try rootKeys[0].publicKey.id(profile: .fio)
        _ = try channel.repository.rotate(
            .root, .edit(making: nil, adding: [.elsewhere(fresh)], removing: [gone], threshold: 3), now: .start)
        let summary = try RootSigning(pending(channel, 2), previous: channel.folder.bytes("ci/1.root.json")).summary
        #expect(summary.contains("version      2") && summary.contains("expires      2028-01-01T00:00:00Z"))
        #expect(summary.contains("root         3 of 3, was 2"))
        #expect(summary.contains("  added     \(try fresh.id(profile: .fio))  ed25519"))
        #expect(summary.contains("  removed   \(gone)  ed25519"))
        #expect(TUFError.Code.of { _ = try RootSigning(pending(channel, 2), previous: pending(channel, 2)) } == .versionMismatch)
    }
}
