import Foundation
import Testing

@Suite("The tail of a rollout")
struct TailTests {
    /// A running rollout of 42 to `device` and to one that never shows up.
    private static func rollout(_ server: TestServer, _ device: TestDevice) async throws -> String {
        try await server.preregister(["\(device.uuid)-idle"])
        #expect(try await device.get("/device", tag: "main").status == 200)
        return try await server.rollout("42", to: [device.uuid, "\(device.uuid)-idle"])
    }

    @Test("It prints each event when it comes, to every listener; an id is the byte behind the event's line")
    func live() async throws {
        let server = try await SharedServer.get()
        let device = try await server.device("tail-live")
        let id = try await Self.rollout(server, device)
        let listeners = try [TailListener(server, id), TailListener(server, id)]
        defer { for listener in listeners { listener.stop() } }
        for listener in listeners { await expectEventually { listener.hasCaughtUp } }
        #expect(try await device.get("/device").status == 200)
        for listener in listeners { await expectEventually { Self.news(listener) == ["DEVICE_SEEN: tail-live"] } }
        #expect(try await device.event("EcuDownloadStarted").status == 200)
        #expect(try await device.event("EcuDownloadCompleted", success: true).status == 200)
        let lines = [
            "DEVICE_SEEN: tail-live", "DEVICE_STATUS: tail-live DownloadStarted", "DEVICE_STATUS: tail-live DownloadComplete - true",
        ]
        for listener in listeners {
            await expectEventually { Self.news(listener) == lines }
            var offset = 0
            for (event, line) in zip(listener.events, server.lines("rollouts/\(id)/events")) {
                offset += line.utf8.count + 1
                #expect(event.data == line)
                #expect(event.id == "\(offset)")
                #expect(event.name == line.prefix { $0 != ":" })
            }
        }
    }

    /// What devices did, of all lines.
    private static func news(_ listener: TailListener) -> [String] {
        listener.events.filter { ["DEVICE_SEEN", "DEVICE_STATUS"].contains($0.name) }.map(\.data)
    }

    @Test("Last-Event-ID goes on at every position, nothing lost and nothing repeated; what is no position is refused")
    func resume() async throws {
        let server = try await SharedServer.get()
        let device = try await server.device("tail-resume")
        let id = try await Self.rollout(server, device)
        for number in 1...12 { #expect(try await device.event("Step\(number)", success: number % 2 == 0).status == 200) }
        // The first sight may come between any two of them.
        await expectEventually {
            let names = server.lines("rollouts/\(id)/events").map { $0.prefix { $0 != ":" } }
            return names.count { $0 == "DEVICE_STATUS" } == 12 && names.contains("DEVICE_SEEN")
        }
        let all = server.lines("rollouts/\(id)/events")
        let size = try #require(server.file("rollouts/\(id)/events")?.utf8.count)
        var positions = [0]
        for line in all { positions.append(positions[positions.count - 1] + line.utf8.count + 1) }
        #expect(positions.last == size)
        for (index, position) in positions.enumerated() {
            let listener = try TailListener(server, id, after: "\(position)")
            defer { listener.stop() }
            await expectEventually { listener.hasCaughtUp }
            #expect(listener.events.map(\.data) == Array(all[index...]), "from \(position)")
        }
        let between = positions.dropLast().map { "\($0 + 1)" }
        for value in between + ["-1", "+0", "00", "x", "1e3", "\(size + 1)", "99999999999999999999", "9223372036854775807", "0x10"] {
            let answer = try await server.api(
                "GET", "/v1/rollouts/\(id)/tail?lastEventID=\(value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")")
            #expect(answer.status == 400, "\(value)")
            #expect(answer.slug == "last-event-id-invalid", "\(value)")
        }
        #expect(try await server.api("GET", "/v1/rollouts/1-0/tail").status == 404)
    }

    @Test("A listener that does not read stops nobody else, and not the server's end; a graceful stop ends every tail")
    func slowListener() async throws {
        let server = try await TestServer.start()
        defer { server.stop() }
        let device = try await server.device("tail-slow")
        let id = try await Self.rollout(server, device)
        // More than all buffers on the way to a listener hold, written while nobody else writes.
        #expect(await server.terminate() == 0)
        let line = Data("DEVICE_STATUS: tail-slow \(String(repeating: "x", count: 200))\n".utf8)
        let events = try FileHandle(forWritingTo: URL(fileURLWithPath: "\(server.datadir)/rollouts/\(id)/events"))
        try events.seekToEnd()
        for _ in 0..<64 { try events.write(contentsOf: (0..<1000).reduce(into: Data()) { data, _ in data += line }) }
        try events.close()
        try await server.launch()
        let deaf = try (0..<3).map { _ in try TailListener(server, id, reads: false) }
        defer { for listener in deaf { listener.stop() } }
        let size = try #require(FileManager.default.attributesOfItem(atPath: "\(server.datadir)/rollouts/\(id)/events")[.size] as? Int)
        let listener = try TailListener(server, id, after: "\(size)")
        defer { listener.stop() }
        await expectEventually { listener.hasCaughtUp }
        #expect(try await device.event("EcuDownloadStarted").status == 200)
        await expectEventually { Self.news(listener).last == "DEVICE_STATUS: tail-slow DownloadStarted" }
        let start = ContinuousClock.now
        #expect(await server.terminate() == 0)
        #expect(ContinuousClock.now - start < .seconds(20))
        await expectEventually { listener.hasEnded }
    }
}
