import Foundation
import Testing

@Suite("Required snaps reach their devices", .serialized)
struct RequiredInstallTests {
    /// A server whose pool holds the sample snaps, and a device with the model `box`.
    private static func world(
        _ pool: [String] = ["snapd_1", "testbase_1", "hello-offline_1"],
        _ body: (TestServer, SnapDevice) async throws -> Void
    ) async throws {
        let server = try await TestServer.start(serve: "verified")
        defer { server.stop() }
        for snap in pool {
            try await server.otaserve("snaps", "add", "--channel", "ci", "--tag", "main", "\(Binaries.sampleSnaps)/\(snap).snap")
        }
        let device = try await SnapDevice(server.device("one"))
        defer { device.stop() }
        #expect(try await device.device.get("/device", tag: "main").status == 200)
        #expect(try await server.api("PUT", "/v1/devices/one/model", body: #"{"model":"box"}"#).status < 300)
        try await body(server, device)
    }

    private static func state(_ server: TestServer, of device: String = "one") async throws -> [String: Any] {
        let answer = try await server.api("GET", "/v1/devices/\(device)/snaps")
        #expect(answer.status == 200)
        return answer.json
    }

    private static func missing(_ server: TestServer, of device: String = "one") async throws -> [String] {
        try await state(server, of: device)["missing"] as? [String] ?? ["?"]
    }

    @Test("a device without a required snap gets it with its base from the pool, with no store, once")
    func offline() async throws {
        try await Self.world { server, device in
            #expect(try await device.run().status == 0)
            #expect(device.present.isEmpty)
            _ = try await server.otactl("models", "required", "add", "box", "hello-offline")
            #expect(try await Self.missing(server) == ["hello-offline"])
            let round = try await device.run()
            #expect(round.status == 0, "\(round.errors)")
            #expect(device.installs == ["snapd": 1, "testbase": 1, "hello-offline": 1])
            #expect(try await Self.missing(server).isEmpty)
            let required = try await Self.state(server)["required"] as? [String: Any]
            #expect(required?["state"] as? String == "installed")
            #expect(try await device.run().status == 0)
            #expect(device.installs.values.allSatisfy { $0 == 1 })
        }
    }

    @Test("one that is removed on the device comes back; a requirement that is deleted removes nothing")
    func comesBack() async throws {
        try await Self.world { server, device in
            _ = try await server.otactl("models", "required", "add", "box", "hello-offline")
            #expect(try await device.run().status == 0)
            try await device.remove("hello-offline")
            #expect(!device.present.contains("hello-offline"))
            // Two requests to one device are some seconds apart.
            try await expectEventually("it comes back", within: 30) {
                try await device.run().status == 0 && device.present.contains("hello-offline")
            }
            #expect(device.installs["hello-offline"] == 2)
            _ = try await server.otactl("models", "required", "remove", "box", "hello-offline")
            #expect(try await device.run().status == 0)
            #expect(device.present.contains("hello-offline"))
        }
    }

    @Test("what snapd says when it fails is shown to the operator, and the request stands until it succeeds")
    func failure() async throws {
        try await Self.world { server, device in
            _ = try await server.otactl("models", "required", "add", "box", "not-anywhere")
            _ = try await device.run()
            let required = try await Self.state(server)["required"] as? [String: Any]
            #expect(required?["state"] as? String == "failed")
            let message = required?["message"] as? String ?? ""
            #expect(message.contains("store"), "\(required ?? [:])")
            #expect(try await Self.missing(server) == ["not-anywhere"])
        }
    }

    @Test("an agent that is killed at any request to its snapd brings each snap in once, and the server knows")
    func agentKilled() async throws {
        try await Self.world { server, _ in
            _ = try await server.otactl("models", "required", "add", "box", "hello-offline")
            var killed = 0
            for number in 1...16 {
                let name = "killed-\(number)"
                let device = try await SnapDevice(server.device(name))
                defer { device.stop() }
                #expect(try await device.device.get("/device", tag: "main").status == 200)
                _ = try await server.otactl("devices", "set-model", name, "box")
                try device.setFaults(#"{"slow":2,"kill":{"at":\#(number),"when":"\#(number % 2 == 0 ? "before" : "after")"}}"#)
                // `timeout` tells that its program was killed.
                let outcome = try await device.run()
                if outcome.status == 137 || outcome.status == SIGKILL { killed += 1 }
                try device.setFaults(#"{"slow":2}"#)
                let again = try await device.run()
                #expect(again.status == 0, "request \(number): \(again.errors)")
                #expect(device.installs == ["snapd": 1, "testbase": 1, "hello-offline": 1], "request \(number)")
                #expect(try await Self.missing(server, of: name).isEmpty, "request \(number)")
            }
            #expect(killed > 8)
        }
    }

    @Test("a server that is killed knows after its restart what it was told, and what it asked")
    func serverKilled() async throws {
        try await Self.world { server, device in
            #expect(try await device.run().status == 0)
            _ = try await server.otactl("models", "required", "add", "box", "hello-offline")
            let order = try await server.otactl("devices", "snaps", "info", "one", "hello-offline", "-o", "json")
            await server.kill()
            try await server.launch()
            #expect(try await Self.missing(server) == ["hello-offline"])
            #expect(try await device.run().status == 0)
            await server.kill()
            try await server.launch()
            #expect(try await Self.missing(server).isEmpty)
            let orders = try await server.api("GET", "/v1/devices/one/snaps/orders").text
            #expect(orders.contains("succeeded") || orders.contains("failed"), "\(order) \(orders)")
        }
    }

    @Test("orders are done in turn and their outcomes are shown")
    func orders() async throws {
        try await Self.world { server, device in
            _ = try await server.otactl("models", "required", "add", "box", "hello-offline")
            #expect(try await device.run().status == 0)
            _ = try await server.otactl("devices", "snaps", "disable", "one", "hello-offline")
            _ = try await server.otactl("devices", "snaps", "refresh", "one", "no-such-snap")
            #expect(try await device.run().status == 0)
            let document = try await server.api("GET", "/v1/devices/one/snaps/orders").json
            let orders = document["orders"] as? [[String: Any]] ?? []
            #expect(orders.count == 2)
            #expect(orders.allSatisfy { $0["endedAt"] is String })
            let states = Dictionary(orders.map { ($0["action"] as? String, $0["state"] as? String) }) { $1 }
            #expect(states == ["disable": "succeeded", "refresh": "failed"])
        }
    }
}
