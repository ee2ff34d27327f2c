import DeviceAuth
import Fleet
import HTTPTypes
import Testing

@testable import Admin

@Suite("Following the fleet", .timeLimit(.minutes(1)))
struct FleetTailTests {
    private static let paths = ["/v1/tail", "/v1/devices/d1/tail"]

    private func fixture(lines: Int = 3) async throws -> Fixture {
        let fixture = try Fixture()
        try await fixture.addDevices(["d1", "d2"])
        for number in 0..<lines {
            fixture.fleetLog.add("\"type\":\"event\",\"n\":\(number)", of: try DeviceID(number % 2 == 0 ? "d1" : "d2"))
        }
        return fixture
    }

    /// The numbers of the events in a piece of a stream.
    private func numbers(_ text: String) -> [Int] {
        text.components(separatedBy: "\"n\":").dropFirst().compactMap { Int($0.prefix { $0.isNumber }) }
    }

    @Test(
        "an id that is none of the log's is refused before the stream begins",
        arguments: paths, ["-1", "+1", "01", "1", "x", "9223372036854775808", "999999", "1e3", "٣"])
    func hostileIDs(path: String, id: String) async throws {
        let encoded = id.utf8.map { "%" + (String($0, radix: 16).count == 1 ? "0" : "") + String($0, radix: 16) }.joined()
        try await fixture().serve { ask async throws in
            let answer = try await ask(.get, "\(path)?lastEventID=\(encoded)")
            #expect(answer.status == 400)
            #expect(answer.slug == "last-event-id-invalid")
        }
    }

    @Test("an id whose lines have left is 410 and the answer says what to do", arguments: paths)
    func gone(path: String) async throws {
        let fixture = try await fixture(lines: 6)
        let ids = fixture.fleetLog.ids
        fixture.fleetLog.dropOldest(5)
        try await fixture.serve { ask async throws in
            let answer = try await ask(.get, "\(path)?lastEventID=\(ids[2])")
            #expect(answer.status == 410)
            #expect(answer.slug == "last-event-id-gone")
            #expect(answer.detail.contains("from=start"))
        }
    }

    @Test("what is neither start nor now is refused", arguments: paths)
    func from(path: String) async throws {
        try await fixture().serve { ask async throws in
            #expect(try await ask(.get, "\(path)?from=yesterday").slug == "from-invalid")
        }
    }

    @Test("an unknown device has no tail")
    func unknown() async throws {
        try await fixture().serve { ask async throws in #expect(try await ask(.get, "/v1/devices/none/tail").status == 404) }
    }

    @Test("one listener too many, over all tails together, is told to come back later", arguments: paths)
    func tooMany(path: String) async throws {
        let fixture = try await fixture()
        let others = try (0..<TailPlaces.most).map { _ in try fixture.tailPlaces.take() }
        try await fixture.serve { ask async throws in
            let answer = try await ask(.get, path)
            #expect(answer.status == 503)
            #expect(answer.slug == "too-many-listeners")
        }
        withExtendedLifetime(others) {}
    }

    @Test("without an id it begins now; a listener of one device hears of that one alone")
    func live() async throws {
        let fixture = try await fixture()
        try await withServer(fixture) { address, _ in
            let all = try RawConnection(to: address)
            all.get("/v1/tail", token: fixture.token)
            let one = try RawConnection(to: address)
            one.get("/v1/devices/d2/tail", token: fixture.token)
            for listener in [all, one] { #expect(numbers(try await listener.read(until: ": keep-alive\n\n")).isEmpty) }
            try await fixture.registry.deny(DeviceID("d1"))
            try await fixture.registry.deny(DeviceID("d2"))
            let first = try await all.read(until: "}\n\n")
            #expect(first.contains("event: denied\ndata: {\"device\":\"d1\",\"type\":\"denied\"}\n\n"))
            #expect(try await all.read(until: "}\n\n").contains("\"d2\""))
            let own = try await one.read(until: "}\n\n")
            #expect(own.contains("event: denied\ndata: {\"device\":\"d2\",\"type\":\"denied\"}\n\n"))
            #expect(!own.contains("d1"))
        }
    }

    @Test("from the oldest line on, or behind any line, everything comes once")
    func resume() async throws {
        let fixture = try await fixture(lines: 20)
        // Two registrations and the first four events.
        fixture.fleetLog.dropOldest(6)
        let ids = fixture.fleetLog.ids
        try await withServer(fixture) { address, _ in
            for (path, remainders) in [("/v1/tail", [0, 1]), ("/v1/devices/d1/tail", [0])] {
                let whole = try RawConnection(to: address)
                whole.get("\(path)?from=start", token: fixture.token)
                #expect(numbers(try await whole.read(until: ": keep-alive\n\n")) == (4..<20).filter { remainders.contains($0 % 2) })
                for (index, id) in ids.enumerated() {
                    let listener = try RawConnection(to: address)
                    listener.get(path, token: fixture.token, headers: ["Last-Event-ID: \(id)"])
                    let expected = (index + 5..<20).filter { remainders.contains($0 % 2) }
                    #expect(numbers(try await listener.read(until: ": keep-alive\n\n")) == expected)
                }
            }
        }
    }

    @Test("a listener of one device looks at no line of the others that come while it listens")
    func looksAtItsOwn() async throws {
        let fixture = try await fixture(lines: 0)
        try await withServer(fixture) { address, _ in
            let listener = try RawConnection(to: address)
            listener.get("/v1/devices/d1/tail", token: fixture.token)
            _ = try await listener.read(until: ": keep-alive\n\n")
            for number in 0..<500 { fixture.fleetLog.add("\"n\":\(number)", of: try DeviceID("d2")) }
            fixture.fleetLog.add("\"n\":500", of: try DeviceID("d1"))
            #expect(numbers(try await listener.read(until: "\"n\":500}\n\n")) == [500])
            #expect(fixture.fleetLog.looks == 1)
        }
    }

    @Test("lines that come faster than a listener of one device reads are all read later")
    func behind() async throws {
        let fixture = try await fixture(lines: 0)
        let long = String(repeating: "x", count: 20_000)
        try await withServer(fixture) { address, _ in
            let slow = try RawConnection(to: address)
            slow.get("/v1/devices/d1/tail", token: fixture.token)
            _ = try await slow.read(until: ": keep-alive\n\n")
            for number in 0..<800 {
                fixture.fleetLog.add("\"n\":\(number),\"x\":\"\(long)\"", of: try DeviceID(number % 4 == 3 ? "d2" : "d1"))
            }
            let text = try await slow.read(until: "\"n\":798,\"x\":\"\(long)\"}\n\n")
            #expect(numbers(text) == (0..<800).filter { $0 % 4 != 3 })
        }
    }

    @Test("with a filter it tells of devices that match alone, and a bad filter is refused before the stream begins")
    func filter() async throws {
        let fixture = try await fixture(lines: 6)
        try await withServer(fixture) { address, _ in
            let listener = try RawConnection(to: address)
            listener.get("/v1/tail?from=start&q=uuid%3Dd2", token: fixture.token)
            #expect(numbers(try await listener.read(until: ": keep-alive\n\n")) == [1, 3, 5])
            for name in ["d1", "d2"] { fixture.fleetLog.add("\"n\":7", of: try DeviceID(name)) }
            let text = try await listener.read(until: "\"n\":7}\n\n")
            #expect(text.contains("\"d2\"") && !text.contains("\"d1\""))
        }
        try await fixture.serve { ask async throws in
            let answer = try await ask(.get, "/v1/tail?q=uuid%3D")
            #expect(answer.status == 400)
            #expect(answer.slug == "filter-invalid")
        }
    }

    @Test("every tail ends when the server stops")
    func stop() async throws {
        let fixture = try await fixture()
        try await withServer(fixture) { address, stop in
            let listeners = try Self.paths.map { path in
                let listener = try RawConnection(to: address)
                listener.get(path, token: fixture.token)
                return listener
            }
            for listener in listeners { _ = try await listener.read(until: ": keep-alive\n\n") }
            await stop()
            for listener in listeners { #expect(try await listener.readToEnd().hasSuffix("0\r\n\r\n")) }
        }
    }
}
