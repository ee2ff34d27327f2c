import DeviceAuth
import Fleet
import HTTPTypes
import Testing

@testable import Admin

@Suite("Following a rollout", .timeLimit(.minutes(1)))
struct RolloutTailTests {
    /// The events of a piece of a stream: id and data.
    private func events(_ text: String) -> [(id: String, data: String)] {
        text.replacing("\r\n", with: "\n").split(separator: "\n\n").compactMap { block in
            let fields = block.split(separator: "\n")
            guard let id = fields.first(where: { $0.hasPrefix("id: ") }), let data = fields.first(where: { $0.hasPrefix("data: ") })
            else { return nil }
            return (String(id.dropFirst(4)), String(data.dropFirst(6)))
        }
    }

    @Test(
        "a last event id that is none of the rollout's is refused",
        arguments: [
            "-1", "+25", "025", "1", "24", "26", "9999", "9223372036854775807", "9223372036854775808", "x", "25 ", "0x19", "1e3", "٣",
        ])
    func hostileIDs(text: String) async throws {
        let fixture = try Fixture()
        let id = try await fixture.startedRollout(of: ["d1"])
        try await fixture.report("EcuDownloadStarted", from: "d1")
        let encoded = text.utf8.map { "%" + (String($0, radix: 16).count == 1 ? "0" : "") + String($0, radix: 16) }.joined()
        try await fixture.serve { ask async throws in
            let answer = try await ask(.get, "/v1/rollouts/\(id)/tail?lastEventID=\(encoded)")
            #expect(answer.status == 400)
            #expect(answer.slug == "last-event-id-invalid")
        }
    }

    @Test("an unknown rollout is 404 before any stream begins")
    func unknown() async throws {
        let fixture = try Fixture()
        try await withServer(fixture) { address, _ in
            let listener = try RawConnection(to: address)
            listener.get("/v1/rollouts/1-none/tail", token: fixture.token)
            #expect(try await listener.read(until: "\r\n\r\n").hasPrefix("HTTP/1.1 404"))
        }
    }

    @Test("one listener too many is told to come back later")
    func tooMany() async throws {
        let fixture = try Fixture()
        let id = try await fixture.startedRollout(of: ["d1"])
        let others = try (0..<TailPlaces.most).map { _ in try fixture.tailPlaces.take() }
        try await fixture.serve { ask async throws in
            let answer = try await ask(.get, "/v1/rollouts/\(id)/tail")
            #expect(answer.status == 503)
            #expect(answer.slug == "too-many-listeners")
            #expect(answer.headers[.retryAfter] != nil)
        }
        withExtendedLifetime(others) {}
    }

    @Test("first come the events that are there, then each as it comes")
    func live() async throws {
        let fixture = try Fixture()
        let id = try await fixture.startedRollout(of: ["d1", "d2"])
        try await fixture.report("EcuDownloadStarted", from: "d1")
        try await withServer(fixture) { address, _ in
            let listener = try RawConnection(to: address)
            listener.get("/v1/rollouts/\(id)/tail", token: fixture.token)
            let head = try await listener.read(until: "\r\n\r\n").lowercased()
            #expect(head.hasPrefix("http/1.1 200"))
            #expect(head.contains("content-type: text/event-stream"))
            let first = try await listener.read(until: ": keep-alive\n\n")
            // Behind the lines of the start.
            #expect(first.contains("data: AT: 2026-03-01T12:00:00Z\n\nid: 36\nevent: STARTED\ndata: STARTED: 2\n\n"))
            #expect(first.contains("id: 121\nevent: DEVICE_STATUS\ndata: DEVICE_STATUS: d1 DownloadStarted\n\n"))
            let intake = ReportIntake(store: fixture.reports, registry: fixture.registry, rollouts: fixture.rollouts)
            try await intake.note(.seen(id), of: DeviceID("d2"))
            #expect(try await listener.read(until: "d2\n\n").contains("event: DEVICE_SEEN\ndata: DEVICE_SEEN: d2\n\n"))
        }
    }

    @Test("whoever comes back with the last id gets the rest, nothing twice")
    func resume() async throws {
        let fixture = try Fixture()
        let names = (0..<40).map { "d\($0)" }
        let id = try await fixture.startedRollout(of: names)
        for name in names { try await fixture.report("EcuDownloadStarted", from: name) }
        try await withServer(fixture) { address, _ in
            let whole = try RawConnection(to: address)
            whole.get("/v1/rollouts/\(id)/tail", token: fixture.token)
            let all = events(try await whole.read(until: ": keep-alive\n\n"))
            #expect(all.map(\.data).filter { $0.hasPrefix("DEVICE_STATUS") } == names.map { "DEVICE_STATUS: \($0) DownloadStarted" })
            for count in 0...all.count {
                let listener = try RawConnection(to: address)
                let last = count == 0 ? "" : all[count - 1].id
                // Half of them as a header, half in the query.
                if count % 2 == 0 {
                    listener.get(
                        "/v1/rollouts/\(id)/tail?lastEventID=77777", token: fixture.token,
                        headers: ["Last-Event-ID: \(last.isEmpty ? "0" : last)"])
                } else {
                    listener.get("/v1/rollouts/\(id)/tail?lastEventID=\(last)", token: fixture.token)
                }
                let rest = events(try await listener.read(until: ": keep-alive\n\n"))
                #expect(rest.map(\.id) == all.dropFirst(count).map(\.id))
            }
        }
    }

    @Test("a listener that does not read holds up nobody else, and gets everything when it reads again")
    func slow() async throws {
        let fixture = try Fixture()
        let id = try await fixture.startedRollout(of: ["d1"])
        // More than the buffers of a connection hold.
        let long = String(repeating: "x", count: 60_000)
        for number in 0..<200 { fixture.rolloutRows.append("DEVICE_STATUS: d1 \(long)\(number)", to: id) }
        try await withServer(fixture) { address, _ in
            let slow = try RawConnection(to: address)
            slow.get("/v1/rollouts/\(id)/tail", token: fixture.token)
            _ = try await slow.read(until: "\r\n\r\n")
            let quick = try RawConnection(to: address)
            quick.get("/v1/rollouts/\(id)/tail", token: fixture.token)
            _ = try await quick.read(until: ": keep-alive\n\n")
            try await fixture.report("EcuDownloadCompleted", success: true, from: "d1")
            _ = try await quick.read(until: "DownloadComplete - true\n\n")
            let late = try await slow.read(until: "DownloadComplete - true\n\n")
            #expect(late.utf8.count { $0 == UInt8(ascii: "x") } == 200 * 60_000)
        }
    }

    @Test("the stream ends when the server stops")
    func stop() async throws {
        let fixture = try Fixture()
        let id = try await fixture.startedRollout(of: ["d1"])
        try await withServer(fixture) { address, stop in
            let listener = try RawConnection(to: address)
            listener.get("/v1/rollouts/\(id)/tail", token: fixture.token)
            _ = try await listener.read(until: ": keep-alive\n\n")
            await stop()
            // The last chunk of a chunked answer: it ended, it was not cut.
            #expect(try await listener.readToEnd().hasSuffix("0\r\n\r\n"))
        }
    }

    @Test("a listener that went away leaves its place to others")
    func gone() async throws {
        let fixture = try Fixture()
        let id = try await fixture.startedRollout(of: ["d1"])
        let others = try (1..<TailPlaces.most).map { _ in try fixture.tailPlaces.take() }
        try await withServer(fixture) { address, _ in
            for _ in 0..<20 {
                // The place is free once the server has noticed; until then it says so.
                while true {
                    let listener = try RawConnection(to: address)
                    listener.get("/v1/rollouts/\(id)/tail", token: fixture.token)
                    if try await listener.read(until: "\r\n\r\n").hasPrefix("HTTP/1.1 200") { break }
                    await Task.yield()
                }
            }
        }
        withExtendedLifetime(others) {}
    }

    @Test("a line that somebody wrote by hand adds no field to an event")
    func foreignLines() throws {
        let fixture = try Fixture()
        let tail = RolloutTail(rollouts: fixture.rollouts, id: RolloutID.make(at: 1))
        let lines: [(String, Int64)] = [("DEVICE_SEEN: d1\rid: 7", 20), ("free text: x", 30), (": x", 40)]
        let buffer = Tail<RolloutTail>.events(lines, name: tail.name)
        #expect(
            String(buffer: buffer) == "id: 20\nevent: DEVICE_SEEN\ndata: DEVICE_SEEN: d1 id: 7\n\n"
                + "id: 30\ndata: free text: x\n\nid: 40\ndata: : x\n\n")
    }
}
