import Foundation
import Testing

@Suite("The gateway's TLS")
struct TLSTests {
    @Test("TLS 1.3 and 1.2 are spoken, with HTTP/2 and HTTP/1.1; older versions are not")
    func versions() async throws {
        let server = try await TestServer.start(samples: false)
        defer { server.stop() }
        let device = try await server.device("one")
        for version in ["1.2", "1.3"] {
            let limits = ["--tlsv\(version)", "--tls-max", version]
            let first = try await device.get("/device", limits + ["--http1.1"])
            #expect(first.status == 200 && first.version == "1.1", "TLS \(version): \(first.errors)")
            let second = try await device.get("/device", limits + ["--http2"])
            #expect(second.status == 200 && second.version == "2", "TLS \(version): \(second.errors)")
        }
        let request = Data("GET /device HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".utf8)
        let old = try await device.tls(request, ["-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"])
        #expect(!old.text.contains("HTTP/1.1 "))
        // A client that does not negotiate a protocol speaks HTTP/1.1.
        let plain = try await device.tls(request, ["-quiet"])
        #expect(plain.text.hasPrefix("HTTP/1.1 200 OK\r\n"))
        // The name in the certificate is the one that pki init was given.
        let other = try await device.get("https://127.0.0.1:\(server.port)/device")
        #expect(other.status == 0)
    }

    @Test("A certificate that is not in order is refused, and the log says why")
    func refusedCertificates() async throws {
        let server = try await TestServer.start(samples: false)
        defer { server.stop() }
        let good = try await server.device(ForgedCertificate())
        #expect(try await good.get("/device").json["uuid"] as? String == "forged")

        let table: [(slug: String, certificate: ForgedCertificate)] = [
            ("certificate-expired", .init(begins: "20200101000000Z", ends: "20210101000000Z")),
            ("certificate-not-yet-valid", .init(begins: "20340101000000Z")),
            ("certificate-foreign", .init(isForeign: true)),
            ("certificate-is-authority", .init(isAuthority: true, keyUsage: "critical,digitalSignature,keyCertSign")),
            ("certificate-key-usage", .init(extendedKeyUsage: "serverAuth")),
            ("certificate-key-usage", .init(keyUsage: "critical,keyAgreement")),
            ("certificate-critical-extension", .init(extensions: ["1.2.3.4=critical,ASN1:UTF8String:x"])),
            ("certificate-identity-invalid", .init(subject: "/CN=..")),
            ("certificate-identity-invalid", .init(subject: #"/CN=..\/..\/certs"#)),
            ("certificate-identity-invalid", .init(subject: "/CN=.hidden")),
            ("certificate-identity-invalid", .init(subject: "/CN=a b")),
            ("certificate-identity-invalid", .init(subject: "/CN=" + String(repeating: "a", count: 49))),
            ("certificate-identity-invalid", .init(subject: "/CN=one/CN=two")),
            ("certificate-identity-invalid", .init(subject: "/OU=test")),
            ("certificate-identity-invalid", .init(subject: "/CN=x/businessCategory=production/businessCategory=ci")),
        ]
        for (slug, certificate) in table {
            let device = try await server.device(certificate)
            let count = server.refusals(slug)
            for options in [["--http2", "--tlsv1.3"], ["--http1.1", "--tls-max", "1.2"]] {
                let answer = try await device.get("/device", options)
                #expect(answer.status == 0 || answer.status == 403, "\(certificate): \(answer.text)")
            }
            let isLogged = await eventually { server.refusals(slug) >= count + 2 }
            #expect(isLogged, "no \(slug) for \(certificate)\n\(server.logText.suffix(2000))")
        }
        // No refused name became a device.
        let known = try await server.api("GET", "/v1/devices").text
        #expect(known.contains("forged") && !known.contains("certs") && !known.contains("hidden"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(server.datadir)/devices") == [])
    }

    @Test("Without a certificate every route but the registry answers certificate-required")
    func anonymous() async throws {
        let server = try await TestServer.start(samples: false)
        defer { server.stop() }
        let root = "\(server.datadir)/certs/root.crt"
        let routes = [
            ("GET", "/device"), ("GET", "/repo/targets.json"), ("GET", "/repo/1.root.json"), ("GET", "/ostree/config"),
            ("POST", "/ostree/download-urls"), ("POST", "/app-proxy-url"), ("PUT", "/system_info"),
            ("PUT", "/system_info/network"), ("PUT", "/system_info/config"), ("POST", "/events"), ("POST", "/apps-states"),
            ("GET", "/config"), ("POST", "/tests"), ("PUT", "/tests/a"), ("PUT", "/tests/a/b"), ("PUT", "/ecus"),
            ("GET", "/hub-creds/"), ("GET", "/"), ("GET", "/nothing"), ("DELETE", "/device"), ("OPTIONS", "/device"),
        ]
        for version in ["--http1.1", "--http2"] {
            for (method, path) in routes {
                let body = method == "GET" ? [] : ["--data-binary", "{}"]
                let answer = try await Answer.of(
                    curl: [version, "--cacert", root, "-X", method] + body + [server.gateway + path])
                #expect(answer.status == 403 && answer.slug == "certificate-required", "\(method) \(path): \(answer)")
            }
            let digest = "sha256:" + String(repeating: "0", count: 64)
            for query in ["", "?token=", "?token=x.y", "?token=..&token=.."] {
                let answer = try await Answer.of(
                    curl: [version, "--cacert", root, "\(server.gateway)/registry/v2/app/blobs/\(digest)\(query)"])
                #expect(answer.status == 403 && answer.headers["www-authenticate"] == nil, "\(query): \(answer)")
            }
        }
    }

    @Test("Connections that are dropped before, during or after the handshake leave no warning")
    func bareConnections() async throws {
        let server = try await TestServer.start(samples: false)
        defer { server.stop() }
        let device = try await server.device("one")
        try await Tool.check(
            [
                "python3", "-c",
                """
                import socket, ssl, struct, sys
                def link(abort):
                    raw = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
                    # A reset instead of an orderly end.
                    if abort: raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    return raw
                for abort in [False, True] * 4:
                    link(abort).close()
                    half = link(abort); half.send(b"\\x16\\x03\\x01\\x02\\x00\\x01"); half.close()
                    junk = link(abort); junk.send(b"GET / HTTP/1.1\\r\\n\\r\\n"); junk.close()
                    for protocols in [["h2"], ["http/1.1"], []]:
                        tls = ssl.create_default_context(cafile=sys.argv[2])
                        if protocols: tls.set_alpn_protocols(protocols)
                        tls.wrap_socket(link(abort), server_hostname="localhost").close()
                """, "\(server.port)", "\(device.folder)/root.crt",
            ])
        #expect(try await device.get("/device").status == 200)
        #expect(await server.terminate() == 0)
        #expect(server.complaints == [])
    }
}

extension TestServer {
    /// How often the log has refused a certificate for this reason.
    func refusals(_ slug: String) -> Int {
        logText.split(separator: "\n").count { line in
            // In TLS 1.3 the library itself insists on a key that may sign.
            (line.contains("certificate_refused") && line.contains(slug))
                || (slug == "certificate-key-usage" && line.contains("handshake_failed") && line.contains("KEY_USAGE"))
        }
    }
}
