import Foundation
import Testing

@Suite("The tails of the fleet and of one device")
struct FleetTailTests {
    private static func eventIDs(_ listener: TailListener) -> [String] {
        listener.events.compactMap { event in
            let line = try? JSONSerialization.jsonObject(with: Data(event.data.utf8)) as? [String: Any]
            return (line?["event"] as? [String: Any])?["id"] as? String
        }
    }

    @Test("A tail that goes on over kills of the server has neither gap nor double")
    func restarts() async throws {
        let server = try await TestServer.start()
        defer { server.stop() }
        let devices = [try await server.device("tail-one"), try await server.device("tail-two")]
        var sent: [[String]] = [[], []]
        var heard: [[String]] = [[], [], []]
        var last: [String?] = [nil, nil, nil]
        let paths = ["/v1/devices/tail-one/tail", "/v1/devices/tail-two/tail", "/v1/tail"]
        for device in devices { #expect(try await device.get("/device", tag: "main").status == 200) }
        for round in 0..<4 {
            let listeners = try paths.enumerated().map { index, path in
                try TailListener(server, path: path + (last[index] == nil ? "?from=start" : ""), after: last[index])
            }
            for number in 0..<6 {
                let (index, id) = (number % 3 == 0 ? 0 : 1, "\(round)-\(number)")
                if try await devices[index].event("Step", id: id).status == 200 { sent[index].append(id) }
            }
            if round.isMultiple(of: 2) {
                // What the listeners did not hear before the end they hear after it.
                await server.kill()
            } else {
                for (index, listener) in listeners.enumerated() {
                    let expected = index == 2 ? sent[0].count + sent[1].count : sent[index].count
                    let before = heard[index].count
                    await expectEventually { before + Self.eventIDs(listener).count == expected }
                }
                #expect(await server.terminate() == 0)
            }
            for (index, listener) in listeners.enumerated() {
                await expectEventually { listener.hasEnded }
                heard[index] += Self.eventIDs(listener)
                last[index] = listener.lastID ?? last[index]
            }
            try await server.launch()
        }
        #expect(sent[0].count == 8 && sent[1].count == 16)
        #expect(heard[0] == sent[0])
        #expect(heard[1] == sent[1])
        #expect(heard[2].count == 24 && Set(heard[2]) == Set(sent[0] + sent[1]))
    }

    @Test("A listener that does not read harms nobody, neither devices nor listeners nor the server's end")
    func deaf() async throws {
        let server = try await TestServer.start()
        defer { server.stop() }
        let device = try await server.device("tail-deaf")
        #expect(try await device.get("/device", tag: "main").status == 200)
        let long = String(repeating: "x", count: 4_000)
        let deaf = try ["/v1/tail?from=start", "/v1/devices/tail-deaf/tail?from=start"].map {
            try TailListener(server, path: $0, reads: false)
        }
        defer { for listener in deaf { listener.stop() } }
        // More than all buffers on the way to a listener hold.
        for batch in 0..<80 {
            let events = (0..<28).map { number in
                #"{"id":"\#(batch)-\#(number)","eventType":{"id":"Step"},"event":{"correlationId":"c\#(batch)","details":"\#(long)"}}"#
            }
            #expect(try await device.send("POST", "/events", body: "[\(events.joined(separator: ","))]").status == 200)
        }
        let listener = try TailListener(server, path: "/v1/devices/tail-deaf/tail")
        defer { listener.stop() }
        await expectEventually { listener.hasCaughtUp }
        #expect(try await device.event("Last", id: "last").status == 200)
        await expectEventually { Self.eventIDs(listener) == ["last"] }
        let start = ContinuousClock.now
        #expect(await server.terminate() == 0)
        #expect(ContinuousClock.now - start < .seconds(20))
        await expectEventually { listener.hasEnded }
    }

    @Test("otactl prints what happens in few words or as JSON, and tells why a position is refused")
    func otactl() async throws {
        let server = try await TestServer.start()
        defer { server.stop() }
        let device = try await server.device("tail-words")
        #expect(try await device.get("/device", tag: "main").status == 200)
        try await server.otaserve("devices", "deny", "tail-words")
        let printed = try await server.api("GET", "/v1/tail?lastEventID=1")
        #expect(printed.status == 400)
        // The tail never ends: it is stopped when the lines are there.
        let untilTwoLines = #"exec 3< <(exec "$0" "$@"); tail=$!; head -n 2 <&3; kill $tail"#
        let environment = ["OTACTL_SERVER": server.admin, "OTACTL_TOKEN": server.token]
        let tail = try await Tool.run(["bash", "-c", untilTwoLines, Binaries.otactl, "tail", "--from-start"], environment: environment)
        #expect(tail.text.contains("  tail-words  enrolled\n"))
        #expect(tail.text.contains("  tail-words  denied\n"))
        let one = try await Tool.run(
            ["bash", "-c", untilTwoLines, Binaries.otactl, "devices", "tail", "tail-words", "--from-start", "-o", "json"],
            environment: environment)
        #expect(one.text.contains(#""event":"denied""#))
        try await server.preregister(["tail-other"])
        let some = try await Tool.run(
            [
                "bash", "-c", untilTwoLines.replacing("-n 2", with: "-n 1"), Binaries.otactl, "tail", "--from-start", "--filter",
                "uuid=tail-o*",
            ],
            environment: environment)
        #expect(some.lines.count == 1 && some.text.contains("  tail-other  preregistered\n"))
        let unreadable = try await server.tryOtactl("tail", "--filter", "uuid=")
        #expect(unreadable.status == 65)
        #expect(unreadable.errors.contains("filter-invalid"))
        let refused = try await server.tryOtactl("tail", "--after", "1")
        #expect(refused.status == 65)
    }
}
