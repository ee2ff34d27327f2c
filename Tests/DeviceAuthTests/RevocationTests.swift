import Foundation
import SwiftASN1
import Testing
import X509

@testable import DeviceAuth

@Suite struct RevocationTests {
    static let serial: [UInt8] = [0x5a, 0x01, 0x02]

    private func error(_ authority: Forge.Authority, _ draft: ListDraft) throws -> DeviceAuthError.Code? {
        let file = try draft.file()
        do throws(DeviceAuthError) {
            _ = try TrustStore(
                authorities: Array((try? authority.pem)?.utf8 ?? "".utf8), revocationLists: [file], now: Forge.now)
            return nil
        } catch {
            return error.code
        }
    }

    @Test("a listed certificate is revoked, another of the same authority is not")
    func revoked() throws {
        let authority = try Forge.authority()
        let store = try Forge.store(authority, lists: [ListDraft(authority, revoking: [[1], Self.serial, [3]]).file()])
        #expect(try store.refusal(Forge.leaf(authority)) == .revoked)
        #expect(try store.refusal(Forge.leaf(authority) { $0.serial = .init(bytes: [0x5a, 0x01, 0x03]) }) == nil)
        #expect(store.warnings.isEmpty)
    }

    @Test("serials are compared as numbers: a leading zero byte of the encoding does not matter")
    func highBit() throws {
        let authority = try Forge.authority()
        let store = try Forge.store(authority, lists: [ListDraft(authority, revoking: [[0x9f, 0x00]]).file()])
        #expect(try store.refusal(Forge.leaf(authority) { $0.serial = .init(bytes: [0x9f, 0x00]) }) == .revoked)
        #expect(try store.refusal(Forge.leaf(authority) { $0.serial = .init(bytes: [0x9f]) }) == nil)
    }

    @Test("a list of one authority does not revoke the serials of another")
    func otherAuthority() throws {
        let one = try Forge.authority("one")
        let other = try Forge.authority("other")
        let store = try Forge.store(one, other, lists: [ListDraft(one, revoking: [Self.serial]).file()])
        #expect(try store.refusal(Forge.leaf(other)) == nil)
        #expect(try store.refusal(Forge.leaf(one)) == .revoked)
    }

    @Test("once a list has ended it still revokes what it lists and lets nobody else in")
    func stale() throws {
        let authority = try Forge.authority { $0.notAfter = Forge.now + 100 * Forge.day }
        let store = try Forge.store(authority, lists: [ListDraft(authority, revoking: [Self.serial]).file()])
        let listed = try Forge.leaf(authority) { $0.notAfter = Forge.now + 50 * Forge.day }
        let other = try Forge.leaf(authority) {
            $0.notAfter = Forge.now + 50 * Forge.day
            $0.serial = .init(bytes: [7])
        }
        let end = Forge.now + Forge.day
        #expect(try store.refusal(other, now: end - 1) == nil)
        #expect(try store.refusal(other, now: end) == .revocationListStale)
        #expect(try store.refusal(listed, now: end) == .revoked)
    }

    @Test("a list that has ended when it is loaded is a warning, and fails closed")
    func staleAtLoad() throws {
        let authority = try Forge.authority()
        var draft = ListDraft(authority)
        draft.nextUpdate = Forge.now
        let store = try Forge.store(authority, lists: [draft.file()])
        #expect(store.warnings.count == 1)
        #expect(try store.refusal(Forge.leaf(authority)) == .revocationListStale)
    }

    @Test("a clock that went back before the list's beginning lets nobody in")
    func clockWentBack() throws {
        let authority = try Forge.authority { $0.notBefore = Forge.now - 10 * Forge.day }
        let store = try Forge.store(authority, lists: [ListDraft(authority).file()])
        let leaf = try Forge.leaf(authority) { $0.notBefore = Forge.now - 10 * Forge.day }
        #expect(try store.refusal(leaf, now: Forge.now - 2 * Forge.day) == .revocationListStale)
    }

    @Test("a list that is not signed by the authority it names stops the loading")
    func foreignSignature() throws {
        let authority = try Forge.authority()
        var draft = ListDraft(authority)
        draft.signer = Forge.newKey()
        #expect(try error(authority, draft) == .revocationListSignature)
        draft = ListDraft(authority)
        draft.extensions = [try .init(AuthorityKeyIdentifier(keyIdentifier: [1]), critical: false)]
        #expect(try error(authority, draft) == .revocationListSignature)
    }

    @Test("an authority without cRLSign has no say over revocation")
    func withoutCRLSign() throws {
        let authority = try Forge.authority { $0.replace(try .init(KeyUsage(keyCertSign: true), critical: true)) }
        #expect(try error(authority, ListDraft(authority)) == .revocationListSignature)
    }

    @Test("a list of an unknown authority is a warning without effect")
    func unknownIssuer() throws {
        let authority = try Forge.authority()
        let stranger = try Forge.authority("stranger")
        let store = try Forge.store(
            authority, lists: [ListDraft(stranger, revoking: [Self.serial]).file("crl/stranger.pem")])
        #expect(store.warnings.count == 1)
        #expect(store.warnings.first?.contains("crl/stranger.pem") == true)
        #expect(try store.refusal(Forge.leaf(authority)) == nil)
    }

    @Test("of several lists the highest number counts, whatever their order and dates")
    func newest() throws {
        let authority = try Forge.authority()
        var old = ListDraft(authority, revoking: [Self.serial])
        old.number = 9
        var new = ListDraft(authority)
        new.number = 256
        new.thisUpdate = old.thisUpdate - 60
        let leaf = try Forge.leaf(authority)
        for lists in [[try old.file("a"), try new.file("b")], [try new.file("b"), try old.file("a")]] {
            let store = try Forge.store(authority, lists: lists)
            #expect(try store.refusal(leaf) == nil)
            #expect(store.warnings == ["a is older than b of the same authority and has no effect: remove it"])
        }
        new.number = nil
        #expect(try Forge.store(authority, lists: [old.file("a"), new.file("b")]).refusal(leaf) == .revoked)
        new.thisUpdate = old.thisUpdate + 60
        #expect(try Forge.store(authority, lists: [old.file("a"), new.file("b")]).refusal(leaf) == nil)
    }

    @Test("an authority that its own issuer has revoked lets nobody in, at any depth")
    func authorityRevoked() throws {
        let root = try Forge.authority("root")
        let middle = try Forge.authority("middle", issuer: root) { $0.serial = .init(bytes: [0x11]) }
        let device = try Forge.authority("device", issuer: middle) { $0.serial = .init(bytes: [0x22]) }
        let leaf = try Forge.leaf(device)
        #expect(
            try Forge.store(device, middle, root, lists: [ListDraft(root, revoking: [[0x22]]).file()]).refusal(leaf)
                == nil)
        #expect(
            try Forge.store(device, middle, root, lists: [ListDraft(middle, revoking: [[0x22]]).file()]).refusal(leaf)
                == .authorityRevoked)
        #expect(
            try Forge.store(device, middle, root, lists: [ListDraft(root, revoking: [[0x11]]).file()]).refusal(leaf)
                == .authorityRevoked)
        var ended = ListDraft(root)
        ended.nextUpdate = Forge.now
        #expect(try Forge.store(device, middle, root, lists: [ended.file()]).refusal(leaf) == .revocationListStale)
    }

    @Test("authorities that have signed each other do not keep the loading busy for ever")
    func circle() throws {
        let keyA = Forge.newKey()
        let keyB = Forge.newKey()
        let a = try Forge.authority("a", key: keyA)
        let b = try Forge.authority("b", key: keyB)
        let aByB = try Forge.authority("a", issuer: b, key: keyA)
        let bByA = try Forge.authority("b", issuer: a, key: keyB)
        let store = try Forge.store(aByB, bByA, lists: [ListDraft(a).file("a"), ListDraft(b).file("b")])
        #expect(try store.refusal(Forge.leaf(aByB)) == nil)
    }

    struct Defect: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let code: DeviceAuthError.Code
        let change: @Sendable (inout ListDraft) -> Void
    }

    static let defects: [Defect] = [
        .init(testDescription: "version 1", code: .revocationListInvalid) { $0.version = nil },
        .init(testDescription: "version 3", code: .revocationListInvalid) { $0.version = 2 },
        .init(testDescription: "no nextUpdate", code: .revocationListInvalid) { $0.nextUpdate = nil },
        .init(testDescription: "no nextUpdate, but entries", code: .revocationListInvalid) {
            $0.nextUpdate = nil
            $0.serials = [[1]]
        },
        .init(testDescription: "a beginning in the future", code: .revocationListFromFuture) {
            $0.thisUpdate = Forge.now + 1
        },
        .init(testDescription: "two different algorithms", code: .revocationListInvalid) {
            $0.outerAlgorithm = SignatureScheme.ecdsaSHA384.algorithmIdentifier
        },
        .init(testDescription: "another algorithm than the one used", code: .revocationListSignature) {
            $0.innerAlgorithm = SignatureScheme.ecdsaSHA384.algorithmIdentifier
            $0.outerAlgorithm = SignatureScheme.ecdsaSHA384.algorithmIdentifier
        },
        .init(testDescription: "SHA-1", code: .revocationListInvalid) {
            $0.innerAlgorithm = [0x30, 0x09, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x01]
            $0.outerAlgorithm = $0.innerAlgorithm
        },
        .init(testDescription: "a delta list", code: .revocationListInvalid) {
            $0.extensions = [.init(oid: [2, 5, 29, 27], critical: true, value: [0x02, 0x01, 0x01])]
        },
        .init(testDescription: "a list for a part of the certificates", code: .revocationListInvalid) {
            $0.extensions = [.init(oid: [2, 5, 29, 28], critical: true, value: [0x30, 0x00])]
        },
        .init(testDescription: "an entry of another issuer", code: .revocationListInvalid) {
            $0.serials = [[1]]
            $0.entryExtensions = [.init(oid: [2, 5, 29, 29], critical: true, value: [0x30, 0x00])]
        },
        .init(testDescription: "a number of 21 bytes", code: .revocationListInvalid) {
            $0.number = nil
            $0.extensions = [
                .init(oid: .crlNumber, critical: false, value: [0x02, 21, 1] + [UInt8](repeating: 0, count: 20)[...])
            ]
        },
        .init(testDescription: "the same extension twice", code: .revocationListInvalid) {
            $0.extensions = [.init(oid: .crlNumber, critical: false, value: [0x02, 0x01, 0x05])]
        },
    ]

    @Test("a list with one defect stops the loading with that defect's code", arguments: defects)
    func hostile(_ defect: Defect) throws {
        let authority = try Forge.authority()
        var draft = ListDraft(authority)
        #expect(try error(authority, draft) == nil)
        defect.change(&draft)
        #expect(try error(authority, draft) == defect.code)
    }

    @Test("an entry's reason and other uncritical extensions do not matter")
    func reasons() throws {
        let authority = try Forge.authority()
        var draft = ListDraft(authority, revoking: [Self.serial])
        draft.entryExtensions = [
            .init(oid: .crlReason, critical: true, value: [0x0a, 0x01, 0x01]),
            .init(oid: [1, 2, 3], critical: false, value: [0x05, 0x00]),
        ]
        draft.extensions = [.init(oid: [1, 2, 3, 4], critical: false, value: [0x05, 0x00])]
        #expect(try Forge.store(authority, lists: [draft.file()]).refusal(Forge.leaf(authority)) == .revoked)
    }

    @Test("DER, and several lists in one PEM file, are read")
    func formats() throws {
        let one = try Forge.authority("one")
        let other = try Forge.authority("other")
        let first = ListDraft(one, revoking: [Self.serial])
        let second = ListDraft(other, revoking: [Self.serial])
        let both = try Forge.store(one, other, lists: [(name: "both", pem: first.pem() + second.pem())])
        #expect(try both.refusal(Forge.leaf(one)) == .revoked)
        #expect(try both.refusal(Forge.leaf(other)) == .revoked)
        #expect(try Forge.store(one, lists: [(name: "der", pem: first.der())]).refusal(Forge.leaf(one)) == .revoked)
    }

    @Test(
        "what is no list, or larger than 4 MiB, is refused with its name",
        arguments: [
            [], [0x30, 0x00], Array("-----BEGIN X509 CRL-----\nAAAA\n".utf8),
            Array("-----BEGIN X509 CRL-----\n!\n-----END X509 CRL-----\n".utf8),
            Array("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".utf8),
            [UInt8](repeating: 0x30, count: (4 << 20) + 1),
            [UInt8](repeating: 0x30, count: 4 << 20),
        ] as [[UInt8]])
    func noList(_ content: [UInt8]) throws {
        let authority = try Forge.authority()
        let error = try #require(throws: DeviceAuthError.self) {
            try Forge.store(authority, lists: [(name: "crl/x.pem", pem: content)])
        }
        #expect(error.message.hasPrefix("crl/x.pem "))
        #expect(error.code == (content.count > 4 << 20 ? .revocationListTooLarge : .revocationListInvalid))
    }

    @Test("a list of fifty thousand entries is read and asked")
    func large() throws {
        let authority = try Forge.authority()
        let serials = (0..<50_000).map { index in
            [0x40] + (0..<4).reversed().map { UInt8(truncatingIfNeeded: index >> ($0 * 8)) }
        }
        let store = try Forge.store(authority, lists: [ListDraft(authority, revoking: serials).file()])
        #expect(try store.refusal(Forge.leaf(authority) { $0.serial = .init(bytes: serials[49_999]) }) == .revoked)
        #expect(try store.refusal(Forge.leaf(authority)) == nil)
    }
}
