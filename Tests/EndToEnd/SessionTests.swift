import Foundation
import Testing

@Suite("A device's connection")
struct SessionTests {
    private static let request = Data("GET /device HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8)

    @Test("A resumed session has the same identity, and is refused once the device is denied or revoked", arguments: ["tls1_2", "tls1_3"])
    func resumption(version: String) async throws {
        let server = try await TestServer.start(samples: false)
        defer { server.stop() }
        for refusal in ["device-denied", "certificate-revoked"] {
            let device = try await server.device(refusal, production: true)
            let file = "\(device.folder)/session"
            let options = ["-\(version)", "-alpn", "http/1.1"]
            let first = try await device.tls(Self.request, options + ["-sess_out", file])
            #expect(first.text.contains("New, TLSv1") && first.text.contains(#""uuid":"\#(refusal)""#), "\(first.text)")
            // The certificate is in the session: the client need not present it again.
            let second = try await device.tls(Self.request, options + ["-sess_in", file], certificate: false)
            #expect(second.text.contains("Reused, TLSv1"))
            #expect(second.text.contains(#""uuid":"\#(refusal)""#) && second.text.contains(#""is_prod":true"#), "\(second.text)")

            if refusal == "device-denied" {
                try await server.otaserve("devices", "deny", refusal)
            } else {
                try await server.otaserve("pki", "revoke", "--certificate", "\(device.folder)/client.pem")
            }
            let third = try await device.tls(Self.request, options + ["-sess_in", file], certificate: false)
            #expect(third.text.contains("Reused, TLSv1"))
            #expect(third.text.contains("HTTP/1.1 403") && third.text.contains(refusal), "\(third.text)")
        }
    }

    @Test("A connection that is open is refused at its next request when its device is denied, revoked or deleted")
    func keptConnection() async throws {
        let server = try await TestServer.start(samples: false)
        defer { server.stop() }
        for refusal in ["device-denied", "certificate-revoked", "device-deleted"] {
            let device = try await server.device(refusal)
            let connection = try KeptConnection(device)
            let before = try await connection.request("GET", "/device")
            #expect(before.status == 200, "\(before)")
            switch refusal {
            case "device-denied": try await server.otaserve("devices", "deny", refusal)
            case "device-deleted": try await server.otaserve("devices", "delete", refusal)
            default: try await server.otaserve("pki", "revoke", "--certificate", "\(device.folder)/client.pem")
            }
            let after = try await connection.request("GET", "/device")
            #expect(after.status == 403 && after.slug == refusal && after.port == before.port, "\(after)")
            guard refusal != "certificate-revoked" else { continue }
            try await server.otaserve("devices", "undeny", refusal)
            let again = try await connection.request("GET", "/device")
            #expect(again.status == 200 && again.port == before.port, "\(again)")
        }
    }

    @Test("An open HTTP/2 connection is refused at its next request")
    func keptHTTP2Connection() async throws {
        let server = try await TestServer.start(samples: false)
        defer { server.stop() }
        let device = try await server.device("one")
        #expect(try await device.get("/device").status == 200)
        // curl opens the second transfer's file first, and a FIFO opens when somebody writes to it.
        let fifo = "\(device.folder)/fifo"
        try await Tool.check(["mkfifo", fifo])
        let common = ["--http2", "-sS", "--max-time", "60", "--cacert", "\(device.folder)/root.crt"] + device.certificateOptions
        let command =
            ["curl"] + common + ["-o", "\(device.folder)/first", "\(server.gateway)/device", "--next"] + common
            + ["-o", "\(device.folder)/second", "-w", "%{http_code} %{http_version} %{num_connects}", "-T", fifo]
            + ["\(server.gateway)/system_info/network"]
        async let outcome = Tool.run(command)
        let isAnswered = await eventually { (FileManager.default.contents(atPath: "\(device.folder)/first")?.count ?? 0) > 0 }
        #expect(isAnswered)
        try await server.otaserve("devices", "deny", "one")
        try await Tool.check(["bash", "-c", "echo '{}' > \(fifo)"])
        #expect(try await outcome.text == "403 2 0")
        #expect(try String(contentsOfFile: "\(device.folder)/second", encoding: .utf8).contains("device-denied"))
    }

    @Test("New revocation lists and a new server certificate take effect while connections stay open")
    func reload() async throws {
        let server = try await TestServer.start(samples: false)
        defer { server.stop() }
        let stays = try await server.device("stays")
        let leaves = try await server.device("leaves")
        let connection = try KeptConnection(stays)
        let before = try await connection.request("GET", "/device")
        #expect(before.status == 200)

        // By files alone, as from an authority that is kept elsewhere: the running server is not told.
        let certs = "\(server.datadir)/certs"
        #expect(try await leaves.get("/device").status == 200)
        let elsewhere = "\(server.datadir)/elsewhere"
        try await Tool.check(["cp", "-r", certs, "\(elsewhere)-certs"])
        try await Tool.check(["mkdir", elsewhere])
        try await Tool.check(["mv", "\(elsewhere)-certs", "\(elsewhere)/certs"])
        try await Tool.check(
            [Binaries.otaserve, "--datadir", elsewhere, "pki", "revoke", "--certificate", "\(leaves.folder)/client.pem"])
        try await Tool.check(["mkdir", "-p", "\(certs)/crl"])
        try await Tool.check(["cp", "\(elsewhere)/certs/crl/device-ca.pem", "\(certs)/crl/device-ca.pem"])
        let isRefused = try await eventually { try await leaves.get("/device").status != 200 }
        #expect(isRefused)
        #expect(try await connection.request("GET", "/device").status == 200)

        // A server certificate with another key, by the same root.
        let fresh = "\(server.datadir)/fresh"
        try await Tool.check(
            [Binaries.otaserve, "--datadir", fresh, "pki", "create-csr", "--dnsname", "localhost", "--factory", "test"])
        try await Tool.check(
            [
                Binaries.otaserve, "pki", "sign-csr", "--csr", "\(fresh)/certs/tls.csr", "--ca-cert", "\(certs)/root.crt",
                "--ca-key", "\(certs)/root.key", "--out", "\(fresh)/tls.crt",
            ])
        for (new, name) in [("\(fresh)/tls.crt", "tls.crt"), ("\(fresh)/certs/tls.key", "tls.key")] {
            try await Tool.check(["mv", new, "\(certs)/\(name)"])
        }
        let isNew = try await eventually {
            let reply = try await KeptConnection(stays).request("GET", "/device")
            return reply.status == 200 && reply.server != before.server
        }
        #expect(isNew)
        let after = try await connection.request("GET", "/device")
        #expect(after.status == 200 && after.server == before.server && after.port == before.port)

        // What cannot be used changes nothing, and says so.
        try "broken".write(toFile: "\(certs)/tls.crt", atomically: true, encoding: .utf8)
        let isSaid = await eventually { server.logText.contains("certificates_kept") }
        #expect(isSaid)
        #expect(try await stays.get("/device").status == 200)
    }
}
