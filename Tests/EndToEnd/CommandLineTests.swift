import Foundation
import Testing

@Suite("The command line's contract")
struct CommandLineTests {
    @Test("A token is all that token create prints; wrong words are a usage error")
    func tokens() async throws {
        let server = try await SharedServer.get()
        let made = try await server.tryOtaserve("token", "create", "--scope", "read", "--description", "for a test", "--expires", "90d")
        #expect(made.status == 0)
        #expect(made.lines.count == 1)
        #expect(made.text.hasPrefix("ota_") && made.text.hasSuffix("\n"))
        #expect(made.errors == "")
        let token = made.text.trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(try await server.api("GET", "/v1/devices", token: token).status == 200)
        let listed = try await server.tryOtaserve("token", "list")
        #expect(listed.text.contains("for a test"))
        let secret = token.split(separator: "_", maxSplits: 2).last.map(String.init) ?? token
        #expect(!listed.text.contains(secret))
        #expect(
            !(FileManager.default.contents(atPath: "\(server.datadir)/db.sqlite-wal").map { String(decoding: $0, as: UTF8.self) } ?? "")
                .contains(secret))
        for wrong in [
            ["--scope", "root"], ["--scope", ""], ["--scope", "read", "--expires", "soon"], ["--scope", "read", "--expires", "-1d"], [],
        ] {
            let outcome = try await Tool.run([Binaries.otaserve, "--datadir", server.datadir, "token", "create"] + wrong)
            #expect(outcome.status == 64, "\(wrong)")
            #expect(outcome.text == "", "\(wrong)")
            #expect(outcome.errors != "", "\(wrong)")
        }
    }

    @Test("Words that no command knows end with 64")
    func usage() async throws {
        let server = try await SharedServer.get()
        for wrong in [
            ["bogus"], ["serve", "--bogus"], ["serve", "--gateway-address", "nowhere"], ["serve", "--admin-address", "127.0.0.1:70000"],
            ["serve", "--registration", "closed"], ["serve", "--log-level", "loud"], ["devices", "deny"], ["updates", "import", "/tmp"],
            ["updates", "show", "ci/main"], ["devices", "preregister"], ["updates", "list", "-o", "xml"],
        ] {
            let outcome = try await Tool.run([Binaries.otaserve, "--datadir", server.datadir] + wrong)
            #expect(outcome.status == 64, "\(wrong): \(outcome.errors)")
            #expect(outcome.text == "", "\(wrong)")
        }
        #expect(try await server.tryOtaserve("--help").status == 0)
        #expect(try await server.tryOtaserve("--version").status == 0)
    }

    @Test("A data directory that is not there ends with 69 and is not made")
    func noDataDirectory() async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("absent-\(UUID().uuidString)").path
        for command in [
            ["serve"], ["token", "create", "--scope", "read"], ["token", "list"], ["devices", "deny", "x"], ["updates", "list"],
            ["updates", "delete", "ci/main/42"],
        ] {
            let outcome = try await Tool.run([Binaries.otaserve, "--datadir", path] + command)
            #expect(outcome.status == 69, "\(command): \(outcome.errors)")
            #expect(outcome.errors.contains(path), "\(command)")
            #expect(!FileManager.default.fileExists(atPath: path), "\(command)")
        }
    }

    @Test("What config.yaml may not say is refused by name with 65; flags win over the environment, that over the file")
    func configuration() async throws {
        let server = try await TestServer.dataDirectoryOnly()
        defer { server.stop() }
        func serve(_ yaml: String, _ arguments: String..., environment: [String: String] = [:]) async throws -> Tool.Outcome {
            try yaml.write(toFile: "\(server.datadir)/config.yaml", atomically: true, encoding: .utf8)
            return try await Tool.run(
                ["timeout", "-s", "KILL", "20", Binaries.otaserve, "--datadir", server.datadir, "serve"] + arguments,
                environment: environment)
        }
        for (yaml, word) in [
            ("gateway-adress: 127.0.0.1:0", "gateway-adress"), ("upload-limit: much", "upload-limit"),
            ("serve: all", "all"), ("registration: closed", "closed"), ("gateway-address: here", "gateway-address"),
            ("gateway-address: 127.0.0.1:70000", "70000"), ("log-level: loud", "loud"), ("- serve", "keys and values"),
            ("serve: [any]", "plain value"), ("serve: any\nserve: any", "serve"), ("serve: \"any", "YAML"), ("text", "keys and values"),
        ] {
            let outcome = try await serve(yaml)
            #expect(outcome.status == 65, "\(yaml): \(outcome.errors)")
            #expect(outcome.errors.contains(word), "\(yaml): \(outcome.errors)")
            #expect(outcome.errors.split(separator: "\n").count == 1, "\(yaml): \(outcome.errors)")
        }
        let wrong = try await serve("serve: any", environment: ["OTASERVE_REGISTRATION": "closed"])
        #expect(wrong.status == 65)
        #expect(wrong.errors.contains("OTASERVE_REGISTRATION"))

        // Each of these fails to listen, and says where: the address that won.
        let taken = try TakenPort()
        let free = "127.0.0.1:0"
        func refused(_ outcome: Tool.Outcome) -> Bool { outcome.status == 69 && outcome.errors.contains(taken.address) }
        #expect(refused(try await serve("gateway-address: \(taken.address)\nadmin-address: \(free)")))
        #expect(
            refused(
                try await serve(
                    "gateway-address: \(free)\nadmin-address: \(free)", environment: ["OTASERVE_GATEWAY_ADDRESS": taken.address])))
        #expect(
            refused(
                try await serve(
                    "gateway-address: \(free)\nadmin-address: \(free)", "--gateway-address", taken.address,
                    environment: ["OTASERVE_GATEWAY_ADDRESS": free])))
        #expect(refused(try await serve("gateway-address: \(free)", "--admin-address", taken.address)))

        try FileManager.default.removeItem(atPath: "\(server.datadir)/config.yaml")
        try FileManager.default.createDirectory(atPath: "\(server.datadir)/config.yaml", withIntermediateDirectories: false)
        let unreadable = try await server.serveOnce()
        #expect(unreadable.status == 65)
        #expect(unreadable.errors.contains("config.yaml"))
    }

    @Test("One server works on a data directory: a second one ends with 75, and the first goes on")
    func second() async throws {
        let server = try await SharedServer.get()
        let outcome = try await server.serveOnce()
        #expect(outcome.status == 75)
        #expect(outcome.errors.contains("datadir-in-use"))
        #expect(outcome.text == "")
        #expect(try await server.api("GET", "/v1/devices").status == 200)
        // The second one did not take the socket of the first.
        try await server.preregister(["cli-second"])
        #expect(try await server.otaserve("devices", "deny", "cli-second") == "denied cli-second\n")
    }

    @Test("Denying, lifting it and allowing a key are in force when the command returns, with a server and without")
    func devices() async throws {
        let server = try await TestServer.start(samples: false)
        defer { server.stop() }
        let device = try await server.device("cli-device")
        #expect(try await device.get("/device").status == 200)
        let other = try await server.device("cli-device")
        for isRunning in [true, false] {
            func whileStopped(_ command: String) async throws {
                if !isRunning { #expect(await server.terminate() == 0) }
                try await server.otaserve("devices", command, "cli-device")
                for name in ["cli-nobody", "../x"] {
                    let outcome = try await server.tryOtaserve("devices", command, name)
                    #expect(outcome.status == (name == "cli-nobody" ? 1 : 64), "\(command) \(name): \(outcome.errors)")
                }
                if !isRunning { try await server.launch() }
            }
            try await whileStopped("deny")
            #expect(try await device.get("/device").slug == "device-denied")
            try await whileStopped("undeny")
            #expect(try await device.get("/device").status == 200)
            // A new key is refused until it is allowed; then the old one is.
            let (old, new) = isRunning ? (device, other) : (other, device)
            #expect(try await old.get("/device").status == (isRunning ? 200 : 403))
            if !isRunning { try await whileStopped("allow-key"); #expect(try await old.get("/device").status == 200) }
            #expect(try await new.get("/device").slug == "device-key-changed")
            try await whileStopped("allow-key")
            #expect(try await new.get("/device").status == 200)
            #expect(try await old.get("/device").slug == "device-key-changed")
            try await whileStopped("allow-key")
            #expect(try await device.get("/device").status == 200)
        }
    }

    @Test("pki show names every certificate and says that nothing is wrong")
    func certificates() async throws {
        let server = try await SharedServer.get()
        let shown = try await server.otaserve("pki", "show")
        for file in ["root.crt", "tls.crt", "device-ca.crt"] { #expect(shown.contains(file)) }
        #expect(shown.contains("No problems."))
        let json = try await server.otaserve("pki", "show", "--json")
        let document = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
        #expect((document?["certificates"] as? [Any])?.count ?? 0 >= 3)
        #expect((document?["problems"] as? [Any])?.isEmpty == true)
    }
}
