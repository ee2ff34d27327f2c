import DeviceAuth
import Fleet
import Foundation
import Snaps
import Testing

@testable import Gateway

@Suite("Snaps on the wire")
struct SnapExchangeTests {
    private static let names =
        #"{"deviceId":"d1","refresh":"2026-01-01T00:00:00Z","snapListHash":"l1","installedSnapsHash":"n1","model":"m"}"#
    private static func list(_ id: String, _ snaps: String) -> String {
        """
        {"id":"\(id)","action":"list","success":true,"version":"2",
         "result":{"snapListHash":"l1","installedSnapsHash":"n1","snaps":[\(snaps)]}}
        """
    }

    @Test("A heartbeat is answered with what is asked of the device, a list with what it lacks, in HTTP/1.1 and HTTP/2")
    func exchange() async throws {
        for version in ["--http1.1", "--http2"] {
            try await GatewayWorld.run { world in
                let device = try world.device("d1")
                _ = try await world.snaps.require(SnapRequirement(snap: SnapName("hello")), of: ModelName("m"))
                let asked = try await device.post("/snaps/heartbeat", body: Self.names, version)
                #expect(asked.status == 200)
                let request = try #require(try SnapRequests(parsing: Array(asked.body)).requests.first)
                #expect(request.action == .list)
                let told = try await device.post("/snaps/answers", body: Self.list(request.id, #"{"name":"core"}"#), version)
                #expect(told.status == 200)
                let required = try #require(try SnapRequests(parsing: Array(told.body)).requests.first)
                #expect(required.action == .requiredInstall && required.snaps?.map(\.name.text) == ["hello"])
                let quiet = try await device.post("/snaps/heartbeat", body: Self.names, version)
                #expect(quiet.text == #"{"requests":[]}"#)
                let done = try await device.post("/snaps/answers", body: Self.list("", #"{"name":"core"},{"name":"hello"}"#), version)
                #expect(done.text == #"{"requests":[]}"#)
                #expect(try world.snaps.status(of: DeviceID("d1")).required?.state == .installed)
            }
        }
    }

    @Test("What names another device, is malformed or too long is refused, and changes nothing")
    func refused() async throws {
        try await GatewayWorld.run { world in
            let device = try world.device("d1")
            let other = try await device.post("/snaps/heartbeat", body: Self.names.replacing("d1", with: "d2"))
            #expect(other.status == 403 && other.slug == "device-differs")
            for body in ["", "[]", "{", #"{"snapListHash":7}"#, #"{"snapListHash":"\#(String(repeating: "x", count: 257))"}"#] {
                let answer = try await device.post("/snaps/heartbeat", body: body)
                #expect(answer.status == 400 && answer.slug == "heartbeat-invalid", "\(body)")
            }
            for body in ["", "[]", #"{"id":"a"}"#] {
                let answer = try await device.post("/snaps/answers", body: body)
                #expect(answer.status == 400 && answer.slug == "snap-answer-invalid", "\(body)")
            }
            for snaps in [#"{"name":"../x"}"#, #"{}"#, "7"] {
                let answer = try await device.post("/snaps/answers", body: Self.list("", snaps))
                #expect(answer.status == 400 && answer.slug == "snap-list-invalid", "\(snaps)")
            }
            let long = try await device.post("/snaps/heartbeat", body: String(repeating: " ", count: Heartbeat.largest + 1))
            #expect(long.status == 413)
            #expect(try await device.get("/snaps/heartbeat").status == 405)
            #expect(try world.snaps.status(of: DeviceID("d1")).hashes == nil)
        }
    }

    @Test("Nobody without a device's certificate has a heartbeat")
    func anonymous() async throws {
        try await GatewayWorld.run { world in
            let curl = try world.device("d1")
            let nobody = Curl(url: curl.url, root: curl.root, credentials: nil)
            #expect(try await nobody.post("/snaps/heartbeat", body: Self.names).status == 403)
        }
    }
}
