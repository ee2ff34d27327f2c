import Crypto
import Foundation
import SwiftASN1
import Testing
import X509

@testable import DeviceAuth

/// What may stand in cas.pem.
@Suite struct AuthorityTests {
    private func error(_ content: String) -> DeviceAuthError.Code? {
        do throws(DeviceAuthError) {
            _ = try TrustStore(authorities: Array(content.utf8), revocationLists: [], now: Forge.now)
            return nil
        } catch {
            return error.code
        }
    }

    @Test("a certificate that may not issue devices is refused as an authority")
    func unsuitable() throws {
        let changes: [(inout Forge.Draft) throws -> Void] = [
            { $0.replace(try .init(BasicConstraints.notCertificateAuthority, critical: true)) },
            { $0.extensions = [] },
            { $0.replace(try .init(KeyUsage(digitalSignature: true, cRLSign: true), critical: true)) },
            {
                $0.extensions.append(.init(oid: .X509ExtensionID.nameConstraints, critical: true, value: [0x30, 0x00]))
            },
            {
                $0.extensions.append(
                    .init(oid: .X509ExtensionID.nameConstraints, critical: false, value: [0x30, 0x00]))
            },
            { $0.extensions.append(.init(oid: [1, 2, 3], critical: true, value: [0x05, 0x00])) },
            { $0.replace(try .init(ExtendedKeyUsage([.serverAuth]), critical: false)) },
            { $0.replace(.init(oid: .X509ExtensionID.basicConstraints, critical: true, value: [0x01])) },
        ]
        for change in changes {
            #expect(try error(Forge.authority(change: change).pem) == .authorityUnsuitable)
        }
        #expect(try error(Forge.authority(key: .init(P521.Signing.PrivateKey())).pem) == .authorityUnsuitable)
        #expect(try error(Forge.authority(key: .init(Curve25519.Signing.PrivateKey())).pem) == .authorityUnsuitable)
    }

    @Test("cas.pem without a certificate, or with a damaged one, is refused as a whole")
    func damaged() throws {
        let good = try Forge.authority().pem
        #expect(error("") == .authoritiesInvalid)
        #expect(error("nothing\n") == .authoritiesInvalid)
        #expect(error(String(good.dropLast(30))) == .authoritiesInvalid)
        #expect(error(good + good.replacingOccurrences(of: "M", with: "N")) == .authoritiesInvalid)
        // A reader that stops at such a line would silently lose the authorities after it.
        #expect(error(good + "-----BEGIN CERTIFICATE----\n" + good) == .authoritiesInvalid)
        #expect(error(good + "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END CERTIFICATE-----\n") == .authoritiesInvalid)
    }

    @Test("blanks at line ends, CRLF, long lines and text between documents do not matter")
    func lax() throws {
        let first = try Forge.authority("a")
        let second = try Forge.authority("b")
        let joined =
            try first.pem.replacingOccurrences(of: "\n", with: " \r\n") + "subject=b\n"
            + "-----BEGIN CERTIFICATE-----\n" + Data(second.certificate.der).base64EncodedString()
            + "\n-----END CERTIFICATE-----"
        let store = try TrustStore(authorities: Array(joined.utf8), revocationLists: [], now: Forge.now)
        #expect(store.authorityCertificates == [try first.certificate.der, try second.certificate.der])
        #expect(try store.refusal(Forge.leaf(second)) == nil)
    }

    @Test("an authority that stands twice in cas.pem counts once")
    func twice() throws {
        let authority = try Forge.authority()
        #expect(try Forge.store(authority, authority).authorityCertificates.count == 1)
    }

    @Test("loading reads cas.pem and the lists of crl, and nothing that begins with a dot")
    func loading() throws {
        let directory = try TemporaryDirectory()
        #expect(throws: DeviceAuthError.self) { try TrustStore.load(certificates: directory.path, now: Forge.now) }
        let authority = try Forge.authority()
        try directory.write("cas.pem", try authority.pem.utf8)
        let leaf = try Forge.leaf(authority)
        #expect(try TrustStore.load(certificates: directory.path, now: Forge.now).refusal(leaf) == nil)

        try FileManager.default.createDirectory(atPath: directory.file("crl"), withIntermediateDirectories: false)
        try directory.write("crl/.half.pem", "-----BEGIN X509 CRL-----\n".utf8)
        try directory.write("crl/notes.txt", "x".utf8)
        #expect(try TrustStore.load(certificates: directory.path, now: Forge.now).refusal(leaf) == nil)

        try directory.write("crl/a.pem", ListDraft(authority, revoking: [[0x5a, 0x01, 0x02]]).pem())
        #expect(try TrustStore.load(certificates: directory.path, now: Forge.now).refusal(leaf) == .revoked)

        try directory.write("crl/a.pem", [UInt8](repeating: 0x41, count: RevocationList.maximumSize + 1))
        let error = try #require(throws: DeviceAuthError.self) {
            try TrustStore.load(certificates: directory.path, now: Forge.now)
        }
        #expect(error.code == .fileTooLarge)
    }
}
