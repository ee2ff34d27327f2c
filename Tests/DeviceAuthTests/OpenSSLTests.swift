import Foundation
import Testing
import X509

@testable import DeviceAuth

/// Certificates and lists made by OpenSSL and judged here, and the other way round.
@Suite(.enabled(if: OpenSSL.isAvailable, "needs the openssl command"))
struct OpenSSLTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func make(_ command: String) throws { try OpenSSL.make(command, in: directory) }

    /// An authority made by OpenSSL: `<name>.key` and `<name>.crt`.
    private func authority(
        _ name: String = "ca", key: String = "ec -pkeyopt ec_paramgen_curve:P-256", digest: String = "sha256"
    ) throws {
        try make(
            "req -x509 -newkey \(key) -nodes -keyout \(name).key -out \(name).crt -days 30 -\(digest) -subj /CN=\(name)/OU=acme -addext keyUsage=critical,keyCertSign,cRLSign"
        )
    }

    /// A client's certificate made by OpenSSL: `<name>.crt`.
    private func leaf(
        _ name: String = "leaf", key: String = "ec -pkeyopt ec_paramgen_curve:P-256", digest: String = "sha256",
        subject: String = "/CN=pump-7/OU=acme/businessCategory=production"
    ) throws {
        try make("req -newkey \(key) -nodes -keyout \(name).key -out \(name).csr -subj \(subject)")
        try directory.write(
            "leaf.cnf", "basicConstraints=CA:FALSE\nkeyUsage=digitalSignature\nextendedKeyUsage=clientAuth\n".utf8)
        try make(
            "x509 -req -in \(name).csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 10 -\(digest) -extfile leaf.cnf -out \(name).crt"
        )
    }

    private func store(lists: [(name: String, pem: [UInt8])] = []) throws -> TrustStore {
        try TrustStore(authorities: directory.read("ca.crt"), revocationLists: lists, now: .now)
    }

    private func der(_ name: String = "leaf.crt") throws -> [UInt8] {
        try #require(PEMText.blocks(directory.read(name)).first).bytes
    }

    @Test(
        "a device's certificate made by OpenSSL is accepted, with EC and RSA keys",
        arguments: [
            ("ec -pkeyopt ec_paramgen_curve:P-256", "sha256"), ("ec -pkeyopt ec_paramgen_curve:P-384", "sha384"),
            ("rsa:2048", "sha256"),
            ("rsa:3072", "sha512"),
        ])
    func accepted(_ key: String, _ digest: String) throws {
        try authority(key: key, digest: digest)
        try leaf(key: key, digest: digest)
        let identity = try store().device(leaf: der(), now: .now)
        #expect(identity.id.text == "pump-7")
        #expect(identity.isProduction)
        let serial = try OpenSSL.make("x509 -in leaf.crt -noout -serial", in: directory)
        #expect(serial.lowercased().contains("=\(identity.serial)\n"))
        let publicKey = try OpenSSL.make("x509 -in leaf.crt -noout -pubkey", in: directory)
        #expect(publicKey == identity.publicKeyPEM)
    }

    @Test("SHA-1 and MD5 signatures are refused", arguments: ["sha1", "md5"])
    func weakSignatures(_ digest: String) throws {
        try authority(key: "rsa:2048")
        try leaf(digest: digest)
        #expect(try store().refusal(der(), now: .now) == .weakSignature)
    }

    @Test(
        "an RSA key of 1024 bits and a key on another curve are refused",
        arguments: [
            "rsa:1024", "ec -pkeyopt ec_paramgen_curve:P-521", "ec -pkeyopt ec_paramgen_curve:secp256k1",
        ])
    func weakKeys(_ key: String) throws {
        try authority()
        try leaf(key: key)
        #expect(try store().refusal(der(), now: .now) == .weakKey)
    }

    @Test("an authority with an RSA key of 1024 bits is refused")
    func weakAuthority() throws {
        try authority(key: "rsa:1024")
        let error = try #require(throws: DeviceAuthError.self) { try store() }
        #expect(error.code == .authoritiesInvalid)
        #expect(error.message.contains("2048"))
    }

    @Test("a list made by 'openssl ca -gencrl' revokes")
    func listOfOpenSSL() throws {
        try authority()
        try leaf()
        try directory.write("index.txt", [])
        try directory.write("crlnumber", "0100\n".utf8)
        try directory.write(
            "ca.cnf",
            "[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\ncrlnumber=crlnumber\ndefault_md=sha256\ndefault_crl_days=7\ncrl_extensions=e\n[e]\nauthorityKeyIdentifier=keyid\n"
                .utf8)
        try make("ca -config ca.cnf -keyfile ca.key -cert ca.crt -gencrl -out empty.crl")
        try make("ca -config ca.cnf -keyfile ca.key -cert ca.crt -revoke leaf.crt -crl_reason keyCompromise")
        try make("ca -config ca.cnf -keyfile ca.key -cert ca.crt -gencrl -out one.crl")
        #expect(try store(lists: [(name: "empty", pem: directory.read("empty.crl"))]).refusal(der(), now: .now) == nil)
        #expect(try store(lists: [(name: "one", pem: directory.read("one.crl"))]).refusal(der(), now: .now) == .revoked)
        let both = try store(lists: [
            (name: "one", pem: directory.read("one.crl")), (name: "empty", pem: directory.read("empty.crl")),
        ])
        #expect(try both.refusal(der(), now: .now) == .revoked)
    }

    @Test("what is issued here is accepted by 'openssl verify', and refused by it once revoked here")
    func judgedByOpenSSL() throws {
        let certificates = CertificateDirectory(directory.file("certs"))
        try certificates.initialise(
            factory: FactoryName("acme"),
            serverNames: [ServerName("ota.example.com"), ServerName("10.0.0.1"), ServerName("::1")], now: .now
        )
        try certificates.issueDevice(DeviceID("pump-7"), isProduction: true, now: .now).write(to: directory.file("a"))
        try certificates.issueDevice(DeviceID("pump-8"), isProduction: false, now: .now).write(to: directory.file("b"))

        let verify = "verify -x509_strict -CAfile certs/root.crt -untrusted certs/device-ca.crt -purpose sslclient"
        #expect(try OpenSSL.make("\(verify) a/client.pem b/client.pem", in: directory).contains("b/client.pem: OK"))
        for name in ["ota.example.com", "10.0.0.1", "::1"] {
            let option = name.contains("example") ? "-verify_hostname" : "-verify_ip"
            try make("verify -x509_strict -CAfile certs/root.crt -purpose sslserver \(option) \(name) certs/tls.crt")
        }
        #expect(throws: OpenSSL.Failure.self) {
            try make("verify -CAfile certs/root.crt -verify_hostname other.example.com certs/tls.crt")
        }

        _ = try certificates.revoke(.certificate(directory.read("a/client.pem")), now: .now)
        #expect(
            try OpenSSL.make("crl -in certs/crl/device-ca.pem -CAfile certs/device-ca.crt -noout", in: directory)
                .contains("verify OK"))
        let checked = verify + " -crl_check -CRLfile certs/crl/device-ca.pem"
        try make("\(checked) b/client.pem")
        let refused = try #require(throws: OpenSSL.Failure.self) { try make("\(checked) a/client.pem") }
        #expect(refused.text.contains("certificate revoked"))
    }

    @Test("the texts of issued certificates say what they are for")
    func texts() throws {
        let certificates = CertificateDirectory(directory.file("certs"))
        try certificates.initialise(
            factory: FactoryName("acme"), serverNames: [ServerName("OTA.example.com")], now: .now)
        try certificates.issueDevice(DeviceID("pump-7"), isProduction: true, now: .now).write(to: directory.file("a"))
        let device = try OpenSSL.make("x509 -in a/client.pem -noout -text", in: directory)
        for part in [
            "CN = pump-7, OU = acme, businessCategory = production", "CA:FALSE", "Digital Signature",
            "TLS Web Client Authentication",
            "prime256v1",
        ] {
            #expect(device.contains(part), "\(part)")
        }
        let authority = try OpenSSL.make("x509 -in certs/device-ca.crt -noout -text", in: directory)
        #expect(authority.contains("CA:TRUE, pathlen:0"))
        #expect(authority.contains("Certificate Sign, CRL Sign"))
        #expect(
            try OpenSSL.make("x509 -in certs/root.crt -noout -subject", in: directory).contains("CN = acme root CA"))
        #expect(
            try OpenSSL.make("x509 -in certs/tls.crt -noout -ext subjectAltName", in: directory).contains(
                "DNS:ota.example.com"))
        #expect(try OpenSSL.make("pkey -in a/pkey.pem -noout -text", in: directory).contains("prime256v1"))
    }

    @Test("requests are accepted by 'openssl req -verify', and OpenSSL as the root answers them")
    func requests() throws {
        let certificates = CertificateDirectory(directory.file("certs"))
        _ = try certificates.createRequests(factory: FactoryName("acme"), serverNames: [ServerName("ota.example.com")])
        try authority("root")
        for name in ["tls", "device-ca"] {
            #expect(try OpenSSL.make("req -in certs/\(name).csr -noout -verify", in: directory).contains("OK"))
            try make(
                "x509 -req -in certs/\(name).csr -CA root.crt -CAkey root.key -CAcreateserial -days 20 -copy_extensions copyall -out \(name).crt"
            )
        }
        try certificates.install(
            root: directory.read("root.crt"), server: directory.read("tls.crt"),
            deviceAuthority: directory.read("device-ca.crt"), now: .now
        )
        let device = try certificates.issueDevice(DeviceID("pump-7"), isProduction: false, now: .now)
        try device.write(to: directory.file("a"))
        try make("verify -CAfile certs/root.crt -untrusted certs/device-ca.crt -purpose sslclient a/client.pem")
        #expect(
            try TrustStore.load(certificates: certificates.path, now: .now).refusal(der("a/client.pem"), now: .now)
                == nil)
    }

    @Test("a request made by OpenSSL is signed with an RSA root made by OpenSSL")
    func requestOfOpenSSL() throws {
        try authority("root", key: "rsa:2048")
        try make(
            "req -newkey rsa:2048 -nodes -keyout s.key -out s.csr -subj /CN=ota.example.com -addext subjectAltName=DNS:ota.example.com,IP:10.0.0.1 -addext extendedKeyUsage=serverAuth"
        )
        let signed = try SignedRequest(
            request: directory.read("s.csr"), authority: directory.read("root.crt"), key: directory.read("root.key"),
            now: .now)
        #expect(signed.profile == .server)
        try signed.write(to: directory.file("s.crt"))
        try make(
            "verify -CAfile root.crt -purpose sslserver -verify_hostname ota.example.com -verify_ip 10.0.0.1 s.crt")
    }

    @Test("keys in the older forms of OpenSSL are read, encrypted ones are refused by name")
    func keyForms() throws {
        try make("ecparam -name prime256v1 -genkey -out sec1.key")
        try make("genrsa -traditional -out rsa.key 2048")
        try make("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -aes256 -pass pass:x -out encrypted.key")
        _ = try PrivateKeyFile.key(directory.read("sec1.key"), name: "sec1.key")
        _ = try PrivateKeyFile.key(directory.read("rsa.key"), name: "rsa.key")
        let error = try #require(throws: DeviceAuthError.self) {
            try PrivateKeyFile.key(directory.read("encrypted.key"), name: "encrypted.key")
        }
        #expect(error.code == .privateKeyInvalid)
        #expect(error.message.contains("unencrypted"))
    }
}
