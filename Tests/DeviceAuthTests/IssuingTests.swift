import Foundation
import Synchronization
import Testing
import X509

@testable import DeviceAuth

@Suite struct IssuingTests {
    private let directory: TemporaryDirectory
    private let certificates: CertificateDirectory

    init() throws {
        directory = try TemporaryDirectory()
        certificates = CertificateDirectory(directory.file("certs"))
    }

    private func initialise(_ factory: String = "acme") throws {
        try certificates.initialise(
            factory: FactoryName(factory), serverNames: [ServerName("ota.example.com")], now: Forge.now)
    }

    private func issue(_ id: String, into name: String) throws -> [UInt8] {
        let credentials = try certificates.issueDevice(DeviceID(id), isProduction: false, now: Forge.now)
        try credentials.write(to: directory.file(name))
        return try der(credentials.certificatePEM)
    }

    private func der(_ pem: String) throws -> [UInt8] {
        try CertificateDirectory.first(
            CertificateFile.certificates(Array(pem.utf8), name: "x", code: .certificateInvalid), "x"
        ).der
    }

    private func load() throws -> TrustStore { try TrustStore.load(certificates: certificates.path, now: Forge.now) }

    private func mode(_ path: String) throws -> Int {
        try #require(FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }

    private func tree() throws -> [String: [UInt8]] {
        var tree: [String: [UInt8]] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: directory.path) {
            var isDirectory: ObjCBool = false
            guard FileManager.default.fileExists(atPath: directory.file(name), isDirectory: &isDirectory),
                !isDirectory.boolValue
            else {
                continue
            }
            tree[name] = try directory.read(name)
        }
        return tree
    }

    private func code(_ body: () throws -> Void) -> DeviceAuthError.Code? {
        do { try body() } catch { return (error as? DeviceAuthError)?.code }
        return nil
    }

    @Test(
        "names that can not stand in a certificate are refused",
        arguments: [
            "", "-", "a..b", ".a", "a.", "-a.b", "a-.b", "a_b", "ä.de", "1.2.3", "1.2.3.4.5", "256.1.1.1", "*", "*.",
            "a.*.b", "a b", "a\0",
            "1:2",
            String(repeating: "a", count: 64) + ".de", String(repeating: "a.", count: 130) + "de",
        ])
    func badServerNames(_ name: String) {
        #expect(code { _ = try ServerName(name) } == .dnsNameInvalid)
    }

    @Test(
        "DNS names, wildcards and IP addresses are names of a server",
        arguments: [
            ("a", "a"), ("OTA.Example.com", "ota.example.com"), ("*.example.com", "*.example.com"),
            ("10.0.0.1", "10.0.0.1"),
            ("2001:DB8::1", "2001:db8::1"), ("xn--fsq.de", "xn--fsq.de"), ("3com.example", "3com.example"),
        ])
    func serverNames(_ name: String, _ expected: String) throws {
        #expect(try ServerName(name).text == expected)
    }

    @Test(
        "a factory's name is as strict as a device's",
        arguments: ["", "a/b", "a b", "..", "a\n", String(repeating: "a", count: 49)])
    func badFactories(_ name: String) {
        #expect(code { _ = try FactoryName(name) } == .factoryInvalid)
    }

    @Test("init without a server's name writes nothing")
    func noName() throws {
        #expect(
            code { try certificates.initialise(factory: FactoryName("acme"), serverNames: [], now: Forge.now) }
                == .dnsNameInvalid)
        #expect(try tree().isEmpty)
    }

    @Test("init makes everything, with keys only their owner can read")
    func files() throws {
        try initialise()
        #expect(
            try tree().keys.sorted()
                == ["cas.pem", "device-ca.crt", "device-ca.key", "root.crt", "root.key", "tls.crt", "tls.key"].map {
                    "certs/" + $0
                })
        #expect(try mode(certificates.path) == 0o700)
        for key in ["root.key", "tls.key", "device-ca.key"] {
            #expect(try mode(directory.file("certs/" + key)) == 0o600)
        }
        let store = try load()
        #expect(
            store.authorityCertificates == [
                try certificates.certificate(.deviceAuthorityCertificate).der,
                try certificates.certificate(.rootCertificate).der,
            ])
        #expect(store.warnings.isEmpty)
    }

    @Test("init never overwrites: not a complete directory, and not a single file of somebody's")
    func neverOverwrites() throws {
        try initialise()
        let before = try tree()
        #expect(code { try initialise("other") } == .alreadyExists)
        #expect(try tree() == before)

        let second = try TemporaryDirectory()
        try FileManager.default.createDirectory(atPath: second.file("certs"), withIntermediateDirectories: false)
        try second.write("certs/root.key", "mine".utf8)
        let other = CertificateDirectory(second.file("certs"))
        #expect(
            code { try other.initialise(factory: FactoryName("acme"), serverNames: [ServerName("a")], now: Forge.now) }
                == .alreadyExists)
        #expect(try second.read("certs/root.key") == Array("mine".utf8))
        #expect(try FileManager.default.contentsOfDirectory(atPath: second.path) == ["certs"])
    }

    @Test("an empty directory, made by whoever packaged the server, is filled")
    func emptyDirectory() throws {
        try FileManager.default.createDirectory(atPath: certificates.path, withIntermediateDirectories: false)
        try initialise()
        #expect(try mode(certificates.path) == 0o700)
        _ = try load()
    }

    @Test("stopped between any two writes, init leaves no directory or a complete one")
    func stoppedInit() throws {
        var watched = certificates
        let seen = Mutex<[Bool]>([])
        let path = certificates.path
        watched.writing.observer = { _ in seen.withLock { $0.append(FileManager.default.fileExists(atPath: path)) } }
        try watched.initialise(factory: FactoryName("acme"), serverNames: [ServerName("a")], now: Forge.now)
        #expect(seen.withLock { $0 } == [Bool](repeating: false, count: 14))
        _ = try load()
    }

    @Test("a device's certificate is accepted, with its factory and its channel")
    func device() throws {
        try initialise()
        let credentials = try certificates.issueDevice(DeviceID("pump-7"), isProduction: true, now: Forge.now)
        let identity = try load().device(leaf: der(credentials.certificatePEM), now: Forge.now)
        #expect(identity.id.text == "pump-7")
        #expect(identity.factory == "acme")
        #expect(identity.isProduction)
        #expect(identity.serial == credentials.serial.hex)
        #expect(identity.notAfter == credentials.notAfter)
        #expect(
            try PrivateKeyFile.key(Array(credentials.privateKeyPEM.utf8), name: "x").publicKey.serializeAsPEM().derBytes
                == Certificate.PublicKey(pemEncoded: identity.publicKeyPEM).serializeAsPEM().derBytes)
        let ci = try certificates.issueDevice(DeviceID("pump-7"), isProduction: false, now: Forge.now)
        #expect(try !load().device(leaf: der(ci.certificatePEM), now: Forge.now).isProduction)
    }

    @Test("a device's certificate does not outlast its authority, and lasts as long as asked otherwise")
    func lifetime() throws {
        try initialise()
        let authorityEnd = UTCMoment(try certificates.certificate(.deviceAuthorityCertificate).notValidAfter).seconds
        let later = Forge.now + 100 * Forge.day
        #expect(try certificates.issueDevice(DeviceID("a"), isProduction: false, now: later).notAfter == authorityEnd)
        let short = try certificates.issueDevice(
            DeviceID("a"), isProduction: false, lifetime: .seconds(7_200), now: later)
        #expect(short.notAfter == UTCMoment(later).seconds + 7_200)
        #expect(
            code { _ = try certificates.issueDevice(DeviceID("a"), isProduction: false, lifetime: .zero, now: later) }
                == .lifetimeInvalid)
        #expect(
            code {
                _ = try certificates.issueDevice(DeviceID("a"), isProduction: false, now: Forge.now + 4_000 * Forge.day)
            }
                == .authorityUnsuitable)
    }

    @Test("serial numbers are positive, of 127 bits, and do not repeat")
    func serials() {
        let serials = (0..<500).map { _ in Array(Issuer.randomSerial().bytes) }
        #expect(Set(serials).count == 500)
        #expect(serials.allSatisfy { $0.count == 16 && (0x40...0x7f).contains($0[0]) })
    }

    @Test("a device's files are its own, the key only for its owner, and none is overwritten")
    func deviceFiles() throws {
        try initialise()
        _ = try issue("pump-7", into: "out")
        #expect(try mode(directory.file("out/pkey.pem")) == 0o600)
        #expect(try directory.read("out/root.crt") == directory.read("certs/root.crt"))
        let before = try tree()
        #expect(code { _ = try issue("pump-8", into: "out") } == .alreadyExists)
        #expect(try tree() == before)
    }

    @Test("issuing with a key that does not belong to the authority is refused")
    func foreignKey() throws {
        try initialise()
        try directory.write("certs/device-ca.key", directory.read("certs/tls.key"))
        #expect(code { _ = try issue("pump-7", into: "out") } == .certificateMismatch)
        try directory.write("certs/device-ca.key", "nonsense".utf8)
        #expect(code { _ = try issue("pump-7", into: "out") } == .privateKeyInvalid)
    }

    @Test("revoking shuts one device out and keeps those who were out before")
    func revoking() throws {
        try initialise()
        let devices = try (0..<3).map { try issue("pump-\($0)", into: "out\($0)") }
        #expect(
            try certificates.revoke(.certificate(directory.read("out0/client.pem")), now: Forge.now).revokedCount == 1)
        let serial = try #require(try? load().device(leaf: devices[1], now: Forge.now)).serial
        #expect(try certificates.revoke(.serial(CertificateSerial(hex: serial)), now: Forge.now).revokedCount == 2)
        let store = try load()
        #expect(devices.map { store.refusal($0) } == [.revoked, .revoked, nil])
        #expect(store.warnings.isEmpty)
    }

    @Test("revoking twice changes nothing")
    func revokingTwice() throws {
        try initialise()
        _ = try issue("pump-7", into: "out")
        _ = try certificates.revoke(.certificate(directory.read("out/client.pem")), now: Forge.now)
        let before = try tree()
        #expect(
            try certificates.revoke(.certificate(directory.read("out/client.pem")), now: Forge.now).wasAlreadyRevoked)
        #expect(try tree() == before)
    }

    @Test("a certificate of another authority is not revoked here")
    func revokingForeign() throws {
        try initialise()
        let foreign = try Forge.leaf(Forge.authority("acme device CA"))
        #expect(
            code { _ = try certificates.revoke(.certificate(Array(foreign.pemText().utf8)), now: Forge.now) }
                == .certificateMismatch)
        #expect(
            code { _ = try certificates.revoke(.certificate(directory.read("certs/tls.crt")), now: Forge.now) }
                == .certificateMismatch)
    }

    @Test("a damaged or foreign list is never replaced: its entries would be lost")
    func damagedList() throws {
        try initialise()
        _ = try certificates.revoke(.serial(CertificateSerial(hex: "01")), now: Forge.now)
        try directory.write("certs/crl/device-ca.pem", directory.read("certs/crl/device-ca.pem").dropLast(60))
        let before = try tree()
        #expect(
            code { _ = try certificates.revoke(.serial(CertificateSerial(hex: "02")), now: Forge.now) }
                == .revocationListInvalid)
        #expect(code { _ = try certificates.refreshRevocationList(now: Forge.now) } == .revocationListInvalid)
        #expect(try tree() == before)
    }

    @Test("a list of the same authority in another file is carried on")
    func otherFile() throws {
        try initialise()
        _ = try certificates.revoke(.serial(CertificateSerial(hex: "01")), now: Forge.now)
        try FileManager.default.moveItem(
            atPath: directory.file("certs/crl/device-ca.pem"), toPath: directory.file("certs/crl/imported.pem"))
        #expect(try certificates.revoke(.serial(CertificateSerial(hex: "02")), now: Forge.now).revokedCount == 2)
    }

    @Test("refreshing keeps the entries, counts the number up and moves the end a year on")
    func refreshing() throws {
        try initialise()
        _ = try certificates.revoke(.serial(CertificateSerial(hex: "0a0b")), now: Forge.now)
        let later = Forge.now + 400 * Forge.day
        #expect(try load().authorities.contains { $0.revocations?.isFresh(at: later) == false })
        let outcome = try certificates.refreshRevocationList(now: later)
        #expect(outcome.revokedCount == 1)
        #expect(outcome.nextUpdate == UTCMoment(later).seconds + 365 * 86_400)
        let list = try #require(try RevocationList.read(directory.read("certs/crl/device-ca.pem"), name: "x").first)
        #expect(list.number == [2])
        #expect(list.entries.map(\.serial.hex) == ["0a0b"])
        #expect(list.nextUpdate.seconds == outcome.nextUpdate)
    }

    @Test(
        "the number after a list's carries over",
        arguments: [([], [1]), ([1], [2]), ([0xff], [1, 0]), ([1, 0xff], [2, 0]), ([0xff, 0xff], [1, 0, 0])]
            as [([UInt8], [UInt8])])
    func numbers(_ number: [UInt8], _ expected: [UInt8]) {
        #expect(RevocationList.number(after: number) == expected)
    }

    @Test("at every moment of a revocation the directory holds the old list or the new one")
    func stoppedRevocation() throws {
        try initialise()
        let devices = try (0..<2).map { try issue("pump-\($0)", into: "out\($0)") }
        _ = try certificates.revoke(.certificate(directory.read("out0/client.pem")), now: Forge.now)
        var watched = certificates
        let states = Mutex<[[CertificateRefusal.Code?]]>([])
        let path = certificates.path
        watched.writing.observer = { _ in
            let store = try? TrustStore.load(certificates: path, now: Forge.now)
            states.withLock { $0.append(devices.map { store?.refusal($0) ?? (store == nil ? .malformed : nil) }) }
        }
        _ = try watched.revoke(.certificate(directory.read("out1/client.pem")), now: Forge.now)
        #expect(states.withLock { $0 } == [[.revoked, nil], [.revoked, .revoked]])
    }

    @Test("what a stopped writer left behind disturbs nobody")
    func leftovers() throws {
        try initialise()
        _ = try certificates.revoke(.serial(CertificateSerial(hex: "01")), now: Forge.now)
        try directory.write("certs/crl/.device-ca.pem.1.new", "half".utf8)
        try directory.write("certs/.tls.key.1.new", "half".utf8)
        _ = try load()
        #expect(try certificates.revoke(.serial(CertificateSerial(hex: "02")), now: Forge.now).revokedCount == 2)
        #expect(try certificates.summary(now: Forge.now).problems.isEmpty)
    }

    @Test("while one command writes the list, no other can begin to")
    func lock() throws {
        try initialise()
        var watched = certificates
        let path = certificates.path
        let refusals = Mutex<[Bool]>([])
        watched.writing.observer = { _ in
            let descriptor = open(path, O_RDONLY | O_DIRECTORY)
            defer { close(descriptor) }
            refusals.withLock { $0.append(flock(descriptor, LOCK_EX | LOCK_NB) == -1 && errno == EWOULDBLOCK) }
        }
        _ = try watched.revoke(.serial(CertificateSerial(hex: "01")), now: Forge.now)
        #expect(refusals.withLock { $0 } == [true, true])
    }

    @Test("revocations at the same time all end up in the list")
    func concurrentRevocations() async throws {
        try initialise()
        let certificates = certificates
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 1...8 {
                group.addTask {
                    _ = try certificates.revoke(.serial(CertificateSerial(hex: "0\(index)")), now: Forge.now)
                }
            }
            try await group.waitForAll()
        }
        let list = try #require(try RevocationList.read(directory.read("certs/crl/device-ca.pem"), name: "x").first)
        #expect(Set(list.entries.map(\.serial.hex)) == Set((1...8).map { "0\($0)" }))
        #expect(list.number == [8])
    }

    @Test("no file is left in the middle of writing after an error")
    func noLeftovers() throws {
        try initialise()
        #expect(
            code { try FileWriting().create(directory.file("certs/root.key"), "x".utf8, for: .ownerOnly) }
                == .alreadyExists)
        #expect(
            code { try FileWriting().create(directory.file("missing/x"), "x".utf8, for: .ownerOnly) } == .fileMissing)
        try FileManager.default.createDirectory(atPath: directory.file("folder"), withIntermediateDirectories: false)
        #expect(throws: DeviceAuthError.self) {
            try FileWriting().replace(directory.file("folder"), "x".utf8, for: .everybody)
        }
        #expect(try FileManager.default.subpathsOfDirectory(atPath: directory.path).allSatisfy { !$0.contains(".new") })
    }

    @Test("without hard links a file is made all the same, and an existing one is not touched")
    func withoutLinks() throws {
        let temporary = try directory.write("temporary", "new".utf8)
        try FileWriting.claim(directory.file("fresh"), for: .ownerOnly, andMove: temporary)
        #expect(try directory.read("fresh") == Array("new".utf8))
        let other = try directory.write("temporary", "newer".utf8)
        #expect(
            code { try FileWriting.claim(directory.file("fresh"), for: .ownerOnly, andMove: other) } == .alreadyExists)
        #expect(try directory.read("fresh") == Array("new".utf8))
    }

    @Test("the summary lists everything and has no problem with a fresh directory")
    func summary() throws {
        try initialise()
        _ = try certificates.revoke(.serial(CertificateSerial(hex: "01")), now: Forge.now)
        let summary = try certificates.summary(now: Forge.now)
        #expect(summary.problems.isEmpty)
        #expect(summary.certificates.map(\.file) == ["root.crt", "tls.crt", "device-ca.crt", "cas.pem", "cas.pem"])
        #expect(summary.certificates.map(\.daysLeft) == [3_652, 820, 3_652, 3_652, 3_652])
        #expect(summary.certificates.map(\.isAuthority) == [true, false, true, true, true])
        #expect(summary.revocationLists.map(\.daysLeft) == [365])
        #expect(try JSONDecoder().decode(CertificateSummary.self, from: JSONEncoder().encode(summary)) == summary)
    }

    @Test("the summary warns thirty days before a certificate or a list ends, and not thirty-one")
    func summaryWarnings() throws {
        try initialise()
        _ = try certificates.refreshRevocationList(now: Forge.now)
        #expect(try certificates.summary(now: Forge.now + (365 - 30) * Forge.day).problems.isEmpty)
        let list = try certificates.summary(now: Forge.now + (365 - 30) * Forge.day + 1).problems
        #expect(list.count == 1)
        #expect(list.first?.contains("pki refresh-crl") == true)
        let ended = try certificates.summary(now: Forge.now + 366 * Forge.day).problems
        #expect(ended.contains { $0.contains("all devices") })
        _ = try certificates.refreshRevocationList(now: Forge.now + 800 * Forge.day)
        let server = try certificates.summary(now: Forge.now + 800 * Forge.day).problems
        #expect(server.count == 1)
        #expect(server.first?.hasPrefix("tls.crt ends at ") == true)
    }

    @Test("the summary names wrong keys, readable keys, missing and damaged files")
    func summaryProblems() throws {
        #expect(code { _ = try certificates.summary(now: Forge.now) } == .fileMissing)
        try initialise()
        try directory.write("certs/tls.key", directory.read("certs/root.key"))
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o640], ofItemAtPath: directory.file("certs/root.key"))
        try directory.write("certs/device-ca.crt", "x".utf8)
        try FileManager.default.removeItem(atPath: directory.file("certs/cas.pem"))
        let problems = try certificates.summary(now: Forge.now).problems.joined(separator: "\n")
        for part in [
            "tls.key is not the key of tls.crt", "root.key can be read by others",
            "device-ca.crt is not a valid certificate",
            "cas.pem is missing",
        ] {
            #expect(problems.contains(part), "\(part)")
        }
    }
}
