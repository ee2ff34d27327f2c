import DeviceAuth
import Fleet
import HTTPTypes
import Snaps
import Testing

@testable import Admin

@Suite("A device's snaps in the API")
struct DeviceSnapRoutesTests {
    private static let orders = "/v1/devices/d1/snaps/orders"

    @Test("of a device that is not there nothing is shown and nothing taken")
    func unknown() async throws {
        let fixture = try Fixture()
        try await fixture.serve { ask async throws in
            let calls: [(HTTPRequest.Method, String, String?)] = [
                (.get, "snaps", nil), (.get, "snaps/orders", nil), (.post, "snaps/orders", #"{"action":"list"}"#),
                (.put, "model", #"{"model":"m"}"#), (.delete, "model", nil),
            ]
            for (method, path, body) in calls {
                let answer = try await ask(method, "/v1/devices/nobody/\(path)", body)
                #expect(answer.status == 404 && answer.slug == "device-unknown", "\(method) \(path): \(answer.text)")
            }
        }
        #expect(fixture.audit.entries.isEmpty && fixture.snapRows.writes == 0)
    }

    @Test(
        "an order that no agent could carry out is refused",
        arguments: [
            (#"{"action":"reboot"}"#, "snap-order-invalid"), (#"{"action":"required-install","snap":"a"}"#, "snap-order-invalid"),
            (#"{"action":"install"}"#, "snap-order-invalid"), (#"{"action":"install","snap":"A"}"#, "snap-name-invalid"),
            (#"{"action":"install","snap":"a","data":{}}"#, "body-invalid"), (#"{"snap":"a"}"#, "body-invalid"),
            (#"{"action":"ack","data":"\#(String(repeating: "x", count: 16_385))"}"#, "snap-order-invalid"),
        ])
    func refused(body: String, slug: String) async throws {
        let fixture = try Fixture()
        try await fixture.addDevices(["d1"])
        try await fixture.serve { ask async throws in
            let answer = try await ask(.post, Self.orders, body)
            #expect(answer.status == 400 && answer.slug == slug, "\(answer.text)")
            #expect(try await ask(.get, Self.orders).list("orders").isEmpty)
        }
    }

    @Test("a device takes 32 open orders and no more; an answer makes room")
    func full() async throws {
        let fixture = try Fixture()
        try await fixture.addDevices(["d1", "d2"])
        try await fixture.serve { ask async throws in
            for _ in 0..<32 { #expect(try await ask(.post, Self.orders, #"{"action":"server"}"#).status == 202) }
            let answer = try await ask(.post, Self.orders, #"{"action":"server"}"#)
            #expect(answer.status == 409 && answer.slug == "snap-orders-full")
            #expect(try await ask(.post, "/v1/devices/d2/snaps/orders", #"{"action":"server"}"#).status == 202)
            let oldest = try #require(try await ask(.get, Self.orders).list("orders").last?["id"] as? String)
            _ = try await fixture.snaps.exchange(over: .https).answer(
                SnapAnswer(id: oldest, action: .server, success: true), from: DeviceID("d1"))
            #expect(try await ask(.post, Self.orders, #"{"action":"server"}"#).status == 202)
        }
    }

    @Test("an order that is sent twice with one key is one order, and the key is no other device's")
    func idempotency() async throws {
        let fixture = try Fixture()
        try await fixture.addDevices(["d1", "d2"])
        try await fixture.serve { ask async throws in
            let headers: HTTPFields = [.idempotencyKey: "k1"]
            let body = #"{"action":"remove","snap":"a"}"#
            let first = try await ask(.post, Self.orders, body, headers: headers)
            let second = try await ask(.post, Self.orders, body, headers: headers)
            #expect(first.status == 202 && first.json["id"] as? String == second.json["id"] as? String)
            #expect(try await ask(.get, Self.orders).list("orders").count == 1)
            #expect(
                try await ask(.post, Self.orders, #"{"action":"remove","snap":"b"}"#, headers: headers).slug == "idempotency-key-reused")
            #expect(try await ask(.post, "/v1/devices/d2/snaps/orders", body, headers: headers).slug == "idempotency-key-reused")
        }
    }

    @Test("an order is shown with what came of it, newest first; its data is shown to nobody, not in the audit log either")
    func outcome() async throws {
        let fixture = try Fixture()
        try await fixture.addDevices(["d1"])
        try await fixture.serve { ask async throws in
            let secret = #"{"action":"setconf","snap":"a","data":"{\"password\":\"hunter2\"}"}"#
            let first = try await ask(.post, Self.orders, secret)
            #expect(first.json["state"] as? String == "waiting")
            #expect(first.headers[.location] == Self.orders)
            #expect(try await ask(.post, Self.orders, #"{"action":"list","snap":null,"data":null}"#).status == 202)
            #expect(try fixture.heartbeat("d1").contains { $0.data == #"{"password":"hunter2"}"# })
            let id = try #require(first.json["id"] as? String)
            fixture.clock.move(by: 60)
            _ = try await fixture.snaps.exchange(over: .https).answer(
                SnapAnswer(id: id, action: .setconf, success: false, message: "snap \"a\" is not installed"), from: DeviceID("d1"))
            let answer = try await ask(.get, Self.orders)
            #expect(answer.list("orders").map { $0["action"] as? String } == ["list", "setconf"])
            #expect(answer.list("orders").last?["state"] as? String == "failed")
            #expect(answer.list("orders").last?["message"] as? String == "snap \"a\" is not installed")
            #expect(answer.list("orders").last?["endedAt"] as? String == "2026-03-01T12:01:00Z")
            #expect((answer.list("orders").last?["orderedBy"] as? String)?.hasPrefix("token:") == true)
            #expect(!answer.text.contains("hunter2") && !first.text.contains("hunter2"))
            #expect(try await ask(.get, Self.orders + "?limit=1").list("orders").count == 1)
        }
        #expect(fixture.audit.entries.map(\.subject) == ["d1 setconf a", "d1 list"])
        #expect(!fixture.log.text.contains("hunter2"))
    }

    @Test("a device is of the model that it says, until an operator says another, and again when he takes it back")
    func model() async throws {
        let fixture = try Fixture()
        try await fixture.addDevices(["d1"])
        try await fixture.serve { ask async throws in
            let path = "/v1/devices/d1/model"
            let model = { () async throws -> [String?] in
                let model = try await ask(.get, "/v1/devices/d1/snaps").json["model"] as? [String: Any]
                return [model?["name"], model?["source"], model?["brand"]].map { $0 as? String }
            }
            #expect(try await model() == [nil, nil, nil])
            #expect(try await ask(.put, path, #"{"model":"/"}"#).slug == "model-name-invalid")
            #expect(try await ask(.put, path, #"{}"#).slug == "body-invalid")
            _ = try fixture.heartbeat("d1", model: "said")
            #expect(try await model() == ["said", "heartbeat", "acme"])
            #expect(try await ask(.put, path, #"{"model":"set"}"#).status == 200)
            #expect(try await model() == ["set", "admin", nil])
            #expect(try await ask(.delete, path).status == 204)
            #expect(try await model() == ["said", "heartbeat", "acme"])
        }
    }

    @Test("a device's list is shown sorted, with what it lacks and the last request to install")
    func list() async throws {
        let fixture = try Fixture()
        try await fixture.addDevices(["d1"])
        try await fixture.serve { ask async throws in
            let before = try await ask(.get, "/v1/devices/d1/snaps")
            #expect(before.text.contains(#""list":null"#) && before.text.contains(#""installed":null"#))
            _ = try await ask(.post, "/v1/models/m1/required", #"{"name":"c"}"#)
            _ = try fixture.heartbeat("d1", model: "m1", hashes: "other")
            try await fixture.publish(["b", "a"], from: "d1")
            let answer = try await ask(.get, "/v1/devices/d1/snaps")
            let list = try #require(answer.json["list"] as? [String: Any])
            #expect((list["snaps"] as? [[String: Any]])?.map { $0["name"] as? String } == ["a", "b"])
            #expect(list["receivedAt"] as? String == "2026-03-01T12:00:00Z")
            #expect(answer.json["installed"] as? [String] == ["a", "b"] && answer.json["missing"] as? [String] == ["c"])
            #expect(answer.json["snapListHash"] as? String == "h-list")
            #expect((answer.json["required"] as? [String: Any])?["missing"] as? [String] == ["c"])
        }
    }

    @Test("with a device its snaps and orders are forgotten", arguments: [false, true])
    func deleted(isBulk: Bool) async throws {
        let fixture = try Fixture()
        try await fixture.addDevices(["d1"])
        try await fixture.serve { ask async throws in
            try await fixture.publish(["a"], from: "d1")
            _ = try await ask(.post, Self.orders, #"{"action":"list"}"#)
            if isBulk {
                #expect(try await ask(.post, "/v1/devices/bulk", #"{"action":"delete","devices":["d1"],"expected":1}"#).status == 200)
            } else {
                #expect(try await ask(.delete, "/v1/devices/d1").status == 204)
            }
            #expect(try fixture.snapRows.loadDevices().isEmpty && fixture.snapRows.loadOpenOrders().isEmpty)
            #expect(try await ask(.put, "/v1/devices/d1/undeny").status == 200)
            #expect(try await ask(.get, "/v1/devices/d1/snaps").text.contains(#""installed":null"#))
        }
    }
}
