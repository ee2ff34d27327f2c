import Crypto
import Foundation
import SwiftASN1
import Testing
import X509

@testable import DeviceAuth

/// Keys here, the root elsewhere.
@Suite struct RequestTests {
    private let directory: TemporaryDirectory
    private let certificates: CertificateDirectory
    private let root: Forge.Authority

    init() throws {
        directory = try TemporaryDirectory()
        certificates = CertificateDirectory(directory.file("certs"))
        root = try Forge.authority("root CA") {
            $0.notAfter = Forge.now + 3_000 * Forge.day
            $0.replace(try .init(BasicConstraints.isCertificateAuthority(maxPathLength: nil), critical: true))
        }
    }

    private func sign(_ request: [UInt8], by root: Forge.Authority? = nil) throws -> (
        certificatePEM: String, profile: CertificateProfile
    ) {
        let issuer = try Issuer((root ?? self.root).certificate, key: (root ?? self.root).key, name: "root")
        let request = try CertificateRequest(request, name: "the request")
        let certificate = try issuer.issue(request.profile, subject: request.subject, key: request.key, now: Forge.now)
        return (try certificate.pemText(), request.profile)
    }

    private func createRequests() throws {
        _ = try certificates.createRequests(
            factory: FactoryName("acme"), serverNames: [ServerName("ota.example.com"), ServerName("10.0.0.1")])
    }

    private func install(_ root: Forge.Authority? = nil) throws {
        let root = root ?? self.root
        try certificates.install(
            root: Array(root.pem.utf8),
            server: Array(sign(directory.read("certs/tls.csr"), by: root).certificatePEM.utf8),
            deviceAuthority: Array(sign(directory.read("certs/device-ca.csr"), by: root).certificatePEM.utf8),
            now: Forge.now)
    }

    private func code(_ body: () throws -> Void) -> DeviceAuthError.Code? {
        do { try body() } catch { return (error as? DeviceAuthError)?.code }
        return nil
    }

    private func request(
        _ extensions: [Certificate.Extension],
        subject: DistinguishedName = SubjectName.name(common: "x", organization: nil, unit: nil),
        key: Certificate.PrivateKey = Forge.newKey()
    ) throws -> [UInt8] {
        let attributes = try CertificateSigningRequest.Attributes([
            .init(ExtensionRequest(extensions: Certificate.Extensions(extensions)))
        ])
        return try CertificateSigningRequest(version: .v1, subject: subject, privateKey: key, attributes: attributes)
            .serializeAsPEM()
            .derBytes
    }

    private static let authority = try? Certificate.Extension(
        BasicConstraints.isCertificateAuthority(maxPathLength: 5), critical: true)
    private static let server = try? Certificate.Extension(ExtendedKeyUsage([.serverAuth]), critical: false)
    private static let client = try? Certificate.Extension(ExtendedKeyUsage([.clientAuth]), critical: false)
    private static func names(_ names: GeneralName...) -> Certificate.Extension? {
        try? Certificate.Extension(SubjectAlternativeNames(names), critical: false)
    }

    @Test("a request for anything but a server or a device authority is refused")
    func otherProfiles() throws {
        let wishes: [[Certificate.Extension?]] = [
            [], [Self.client], [Self.client, Self.names(.dnsName("x"))], [Self.server], [Self.names(.dnsName("x"))],
            [Self.authority, Self.server, Self.names(.dnsName("x"))], [Self.authority, Self.names(.dnsName("x"))],
            [Self.server, Self.names(.rfc822Name("a@b"))],
            [Self.server, Self.names(.dnsName("x"), .uniformResourceIdentifier("http://x"))],
            [Self.server, Self.names(.ipAddress(.init(contentBytes: [1, 2, 3])))],
        ]
        for wish in wishes {
            #expect(code { _ = try sign(request(wish.compactMap(\.self))) } == .requestRefused)
        }
        #expect(
            code { _ = try sign(request([Self.server, Self.names(.dnsName("a b"))].compactMap(\.self))) }
                == .dnsNameInvalid)
    }

    @Test("a device authority gets path length 0 and only the profile's extensions, whatever it asks for")
    func restricted() throws {
        let more = try Certificate.Extension(KeyUsage(digitalSignature: true, keyCertSign: true), critical: true)
        let odd = Certificate.Extension(oid: [1, 2, 3], critical: true, value: [0x05, 0x00])
        let signed = try sign(request([try #require(Self.authority), more, odd]))
        let certificate = try CertificateDirectory.first(
            CertificateFile.certificates(Array(signed.certificatePEM.utf8), name: "x", code: .certificateInvalid), "x")
        #expect(try certificate.extensions.basicConstraints == .isCertificateAuthority(maxPathLength: 0))
        #expect(try certificate.extensions.keyUsage == KeyUsage(keyCertSign: true, cRLSign: true))
        #expect(certificate.extensions.count == 4)
        guard case .deviceAuthority = signed.profile else { return #expect(Bool(false), "another profile") }
    }

    @Test("a request that its own key has not signed is refused")
    func notSigned() throws {
        var der = try request([try #require(Self.authority)])
        der[der.count - 1] ^= 1
        #expect(code { _ = try sign(der) } == .requestInvalid)
        #expect(code { _ = try sign([1, 2, 3]) } == .requestInvalid)
        #expect(code { _ = try sign(Array("-----BEGIN CERTIFICATE REQUEST-----\n".utf8)) } == .requestInvalid)
    }

    @Test("a subject with control characters, an empty one and one outside its own names are refused")
    func subjects() throws {
        let authority = [try #require(Self.authority)]
        for common in ["", "a\nb", String(repeating: "a", count: 65)] {
            #expect(
                code {
                    _ = try sign(
                        request(authority, subject: SubjectName.name(common: common, organization: nil, unit: nil)))
                }
                    == .requestRefused)
        }
        #expect(code { _ = try sign(request(authority, subject: DistinguishedName())) } == .requestRefused)
        let server = [try #require(Self.server), try #require(Self.names(.dnsName("y")))]
        #expect(code { _ = try sign(request(server)) } == .requestRefused)
    }

    @Test("Ed25519 and P-521 keys get no certificate")
    func keys() throws {
        let authority = [try #require(Self.authority)]
        #expect(
            code { _ = try sign(request(authority, key: .init(Curve25519.Signing.PrivateKey()))) } == .requestInvalid)
        #expect(code { _ = try sign(request(authority, key: .init(P521.Signing.PrivateKey()))) } == .requestRefused)
    }

    @Test("a request in the name of the root itself is refused")
    func rootsName() throws {
        let whole = CertificateDirectory(directory.file("root"))
        try whole.initialise(factory: FactoryName("acme"), serverNames: [ServerName("a")], now: .now)
        let der = try request([try #require(Self.authority)], subject: SubjectName.root(FactoryName("acme")))
        let error = code {
            _ = try SignedRequest(
                request: der, authority: whole.content(.rootCertificate), key: whole.content(.rootKey), now: .now)
        }
        #expect(error == .requestRefused)
        #expect(
            code {
                _ = try SignedRequest(
                    request: der, authority: whole.content(.rootCertificate), key: whole.content(.serverKey), now: .now)
            } == .certificateMismatch)
        #expect(
            code {
                _ = try SignedRequest(
                    request: der, authority: whole.content(.serverCertificate), key: whole.content(.serverKey),
                    now: .now)
            } == .authorityUnsuitable)
    }

    @Test("requests, signed and installed, make a working directory")
    func wholeWay() throws {
        try createRequests()
        #expect(
            try FileManager.default.attributesOfItem(atPath: directory.file("certs/tls.key"))[.posixPermissions] as? Int
                == 0o600)
        try install()
        let device = try certificates.issueDevice(DeviceID("pump-7"), isProduction: true, now: Forge.now)
        let leaf = try CertificateFile.certificates(
            Array(device.certificatePEM.utf8), name: "x", code: .certificateInvalid)
        #expect(try TrustStore.load(certificates: certificates.path, now: Forge.now).refusal(leaf[0]) == nil)
        #expect(try certificates.summary(now: Forge.now).problems.isEmpty)
    }

    @Test("creating requests again keeps the keys")
    func again() throws {
        try createRequests()
        let keys = try [directory.read("certs/tls.key"), directory.read("certs/device-ca.key")]
        let written = try certificates.createRequests(
            factory: FactoryName("acme"), serverNames: [ServerName("new.example.com")])
        #expect(written == ["tls.csr", "device-ca.csr"])
        #expect(try [directory.read("certs/tls.key"), directory.read("certs/device-ca.key")] == keys)
    }

    @Test("certificates that do not fit the keys, the root or the time are not installed, and nothing changes")
    func misfits() throws {
        try createRequests()
        try install()
        let before = try ["root.crt", "tls.crt", "device-ca.crt", "cas.pem"].map { try directory.read("certs/" + $0) }
        let stranger = try Forge.authority("root CA")
        let foreignServer = Array(try sign(directory.read("certs/tls.csr"), by: stranger).certificatePEM.utf8)
        let foreignDevice = Array(try sign(directory.read("certs/device-ca.csr"), by: stranger).certificatePEM.utf8)
        let server = try directory.read("certs/tls.crt")
        let device = try directory.read("certs/device-ca.crt")
        let now = Forge.now
        #expect(
            code { try certificates.install(root: nil, server: foreignServer, deviceAuthority: nil, now: now) }
                == .certificateMismatch)
        #expect(
            code { try certificates.install(root: nil, server: nil, deviceAuthority: foreignDevice, now: now) }
                == .certificateMismatch)
        #expect(
            code { try certificates.install(root: nil, server: device, deviceAuthority: nil, now: now) }
                == .certificateMismatch)
        #expect(
            code { try certificates.install(root: nil, server: nil, deviceAuthority: server, now: now) }
                == .authorityUnsuitable)
        #expect(
            code { try certificates.install(root: device, server: nil, deviceAuthority: nil, now: now) }
                == .certificateMismatch)
        #expect(
            code {
                try certificates.install(
                    root: Array(stranger.pem.utf8), server: foreignServer, deviceAuthority: foreignDevice, now: now)
            } == .certificateMismatch)
        #expect(
            code {
                try certificates.install(root: nil, server: server, deviceAuthority: nil, now: now + 900 * Forge.day)
            }
                == .certificateMismatch)
        let otherDevice = try Array(sign(request([#require(Self.authority)])).certificatePEM.utf8)
        #expect(
            code { try certificates.install(root: nil, server: nil, deviceAuthority: otherDevice, now: now) }
                == .certificateMismatch)
        let wish = [try #require(Self.server), try #require(Self.names(.dnsName("x")))]
        let otherServer = try Array(sign(request(wish)).certificatePEM.utf8)
        #expect(
            code { try certificates.install(root: nil, server: otherServer, deviceAuthority: nil, now: now) }
                == .certificateMismatch)
        #expect(
            try ["root.crt", "tls.crt", "device-ca.crt", "cas.pem"].map { try directory.read("certs/" + $0) } == before)
    }

    @Test("renewing the server's certificate alone keeps the rest, and the authorities an operator added")
    func renewal() throws {
        try createRequests()
        try install()
        let added = try Forge.authority("added CA")
        try directory.write("certs/cas.pem", directory.read("certs/cas.pem") + Array(try added.pem.utf8))
        let before = try directory.read("certs/cas.pem")
        let renewed = try sign(directory.read("certs/tls.csr")).certificatePEM
        try certificates.install(root: nil, server: Array(renewed.utf8), deviceAuthority: nil, now: Forge.now)
        #expect(try directory.read("certs/tls.crt") == Array(renewed.utf8))
        #expect(try directory.read("certs/cas.pem") == before)
    }

    @Test("a server's chain through an authority between is installed, in its order only, without the root")
    func chain() throws {
        try createRequests()
        try install()
        let middle = try Forge.authority("server CA", issuer: root) { $0.notAfter = Forge.now + 2_000 * Forge.day }
        let server = try sign(directory.read("certs/tls.csr"), by: middle).certificatePEM
        let chain = try Array((server + middle.pem + root.pem).utf8)
        try certificates.install(root: nil, server: chain, deviceAuthority: nil, now: Forge.now)
        #expect(try directory.read("certs/tls.crt") == Array((server + middle.pem).utf8))
        #expect(
            code {
                try certificates.install(root: nil, server: Array(server.utf8), deviceAuthority: nil, now: Forge.now)
            }
                == .certificateMismatch)
    }
}
