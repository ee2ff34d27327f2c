import DeviceAuth
import Fleet
import Foundation
import Testing

@testable import Gateway

@Suite("Configuration on the wire, with a clock that stands")
struct ConfigurationAnswerTests {
    private func set(_ value: String, in world: GatewayWorld) async throws {
        let file = try ConfigurationFile(value: value, onChanged: ["/bin/x"], isUnencrypted: true)
        try await world.services.configurations.change(
            .fleet, .set(ConfigurationFileName("a"), file), by: "test", because: ConfigurationReason("test"))
    }

    @Test("The Date of an answer stands for its content: 304 for nothing else, two changes in a second are two, in HTTP/1.1 and HTTP/2")
    func oneSecond() async throws {
        for version in ["--http1.1", "--http2"] {
            try await GatewayWorld.run { world in
                let device = try world.device("d1")
                let second = world.now + 10
                world.stopClock(at: second)
                let none = try await device.get("/config", version)
                #expect(none.status == 204)
                func ask(since: Int64, zone: String = "UTC") async throws -> Curl.Answer {
                    let text = HTTPDate.text(since).replacing("GMT", with: zone)
                    return try await device.get("/config", version, "-H", "If-Modified-Since: \(text)")
                }
                // It has files from elsewhere, which are not ours.
                #expect(try await ask(since: second).status == 204)
                try await set("1", in: world)
                let first = try await ask(since: second)
                #expect(first.text == #"{"a":{"OnChanged":["/bin/x"],"Unencrypted":true,"Value":"1"}}"#)
                #expect(first.headers["date"] == HTTPDate.text(second))
                for zone in ["UTC", "GMT"] { #expect(try await ask(since: second, zone: zone).status == 304) }
                #expect(try await ask(since: second, zone: "CET").status == 200)
                #expect(try await ask(since: second - 1).status == 200)

                world.stopClock(at: second + 1)
                #expect(try await ask(since: second - 1).status == 200)
                try await set("2", in: world)
                for _ in 0..<2 { #expect(try await ask(since: second + 1).text.contains(#""Value":"2""#)) }
                world.stopClock(at: second + 2)
                #expect(try await ask(since: second + 1).status == 200)
                #expect(try await ask(since: second + 2).status == 304)

                try await world.services.configurations.change(
                    .fleet, .remove(ConfigurationFileName("a")), by: "test", because: ConfigurationReason("test"))
                let removed = try await ask(since: second + 2)
                #expect(removed.status == 200 && removed.text == "{}")
            }
        }
    }

    @Test("Asking for the head alone is no answer that a device holds")
    func head() async throws {
        try await GatewayWorld.run { world in
            let device = try world.device("d1")
            world.stopClock(at: world.now + 10)
            try await set("1", in: world)
            let head = try await device.head("/config")
            #expect(head.status == 200 && Int(head.headers["content-length"] ?? "") ?? 0 > 0)
            let date = try #require(head.headers["date"])
            #expect(try await device.get("/config", "-H", "If-Modified-Since: \(date)").status == 200)
        }
    }

    @Test("A large configuration comes whole")
    func large() async throws {
        try await GatewayWorld.run { world in
            let value = String(repeating: "\"é\n", count: 60_000)
            try await set(value, in: world)
            let answer = try await world.device("d1").get("/config")
            #expect((answer.json["a"] as? [String: Any])?["Value"] as? String == value)
        }
    }

    @Test(
        "A change by a device that cannot be used is refused, and its values are not repeated",
        arguments: [
            "", "[]", "{}", #"{"files":[]}"#, #"{"files":[{"name":"a"}]}"#, #"{"files":[{"name":"../a","value":"hunter2"}]}"#,
            #"{"files":[{"name":"a","value":{"x":"hunter2"}}]}"#, #"{"files":[{"name":"z-50-fioctl.toml","value":"hunter2"}]}"#,
            #"{"files":[{"name":"z-50-fioctl.toml","value":"hunter2","unencrypted":true}]}"#,
            #"{"files":[{"name":"a","value":"hunter2","on-changed":[""]}]}"#,
        ])
    func refused(body: String) async throws {
        try await GatewayWorld.run { world in
            let device = try world.device("d1")
            let answer = try await device.get("/config", "-X", "PATCH", "-d", body)
            #expect(answer.status == 400 && answer.slug == "configuration-invalid", "\(answer.text)")
            #expect(!answer.text.contains("hunter2"))
            #expect(try await device.get("/config-device").status == 204)
        }
    }

    @Test("A device sets its own files, leaves its others, and reads them apart from the fleet's")
    func own() async throws {
        try await GatewayWorld.run { world in
            let device = try world.device("d1")
            try await set("fleet", in: world)
            for (name, rest) in [("a", #","unencrypted":true,"on-changed":null"#), ("b", "")] {
                let body = #"{"reason":"line\none","files":[{"name":"\#(name)","value":"own"\#(rest)}],"public-key":"x"}"#
                #expect(try await device.get("/config", "-X", "PATCH", "-d", body).status == 201)
            }
            let own = #"{"a":{"OnChanged":[],"Unencrypted":true,"Value":"own"},"b":{"OnChanged":[],"Unencrypted":false,"Value":"own"}}"#
            #expect(try await device.get("/config-device").text == own)
            #expect(try await device.get("/config").text == own)
            let other = try world.device("d2")
            #expect(try await other.get("/config").text.contains("fleet"))
            #expect(try await other.get("/config-device").status == 204)
            let version = try await world.services.configurations.current(.device(DeviceID("d1")))
            #expect(version?.author == "device" && version?.reason.text == "lineone" && version?.number == 2)
        }
    }
}
