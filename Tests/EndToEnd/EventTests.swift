import Foundation
import Testing

@Suite("What devices report is kept")
struct EventTests {
    private static func body(_ ids: [String], correlation: String? = "42-abc", type: String = "EcuDownloadStarted") throws -> String {
        let events = ids.map { id -> [String: Any] in
            var event: [String: Any] = ["ecu": "", "targetName": "lmp-42", "version": "42"]
            event["correlationId"] = correlation
            return [
                "id": id, "deviceTime": "2026-01-01T02:00:00+02:00", "eventType": ["id": type, "version": 0], "event": event,
            ]
        }
        return String(decoding: try JSONSerialization.data(withJSONObject: events), as: UTF8.self)
    }

    /// The events in a file of a device, in their order.
    private static func stored(_ device: TestDevice, _ correlation: String = "42-abc") -> [[String: Any]] {
        device.server.lines("devices/\(device.uuid)/events-\(correlation)").map {
            (try? JSONSerialization.jsonObject(with: Data($0.utf8))) as? [String: Any] ?? [:]
        }
    }

    private static func ids(_ device: TestDevice, _ correlation: String = "42-abc") -> [String] {
        stored(device, correlation).map { $0["id"] as? String ?? "" }
    }

    private static func files(_ device: TestDevice) -> [String] {
        device.server.names("devices/\(device.uuid)").filter { $0.hasPrefix("events-") }
    }

    @Test("An acknowledged event is a line of events-<correlationId>, with success as it was sent: true, false, null or absent")
    func lines() async throws {
        let device = try await SharedServer.get().device("event-lines")
        let successes: [(id: String, text: String, kept: Bool?)] = [
            ("a", #","success":true"#, true), ("b", #","success":false"#, false), ("c", #","success":null"#, nil), ("d", "", nil),
        ]
        for (id, text, _) in successes {
            let answer = try await device.send(
                "POST", "/events",
                body: """
                    [{"id":"\(id)","deviceTime":"2026-01-01T00:00:00Z","eventType":{"id":"EcuDownloadCompleted","version":0},\
                    "event":{"correlationId":"42-abc","ecu":"x","targetName":"lmp-42","version":"42","details":"line\\nbreak"\(text)}}]
                    """)
            #expect(answer.status == 200)
        }
        let stored = Self.stored(device)
        try #require(stored.count == 4)
        for (line, sent) in zip(stored, successes) {
            let event = line["event"] as? [String: Any]
            #expect(line["id"] as? String == sent.id)
            #expect(line["deviceTime"] as? String == "2026-01-01T00:00:00Z")
            #expect((line["eventType"] as? [String: Any])?["id"] as? String == "EcuDownloadCompleted")
            #expect(event?["success"] as? Bool == sent.kept)
            #expect(event?["details"] as? String == "line\nbreak")
        }
    }

    @Test("Elements that cannot be kept are left out and the rest is stored; the answer is 200 all the same")
    func ignored() async throws {
        let device = try await SharedServer.get().device("event-ignored")
        let good = #"{"id":"good","eventType":{"id":"CertRotationStarted"},"event":{"correlationId":"c","success":"yes","version":7}}"#
        let long = String(repeating: "x", count: 300)
        for body in [
            "[]", "[null,1,\"x\",[],{}]", #"[{"id":"","eventType":{"id":"T"}}]"#, #"[{"id":"\#(long)","eventType":{"id":"T"}}]"#,
            #"[{"id":"n","eventType":{}},\#(good),{"eventType":{"id":"T"}}]"#,
        ] {
            #expect(try await device.send("POST", "/events", body: body).status == 200, "\(body.prefix(60))")
        }
        #expect(Self.ids(device, "c") == ["good"])
        #expect(Self.files(device) == ["events-c"])
    }

    @Test("A correlation id may begin with '-' and have 63 characters; one that is no file name gathers in events-unknown")
    func correlations() async throws {
        let device = try await SharedServer.get().device("event-names")
        let longest = String(repeating: "a", count: 63)
        let plain = ["-42-abc", "01ARZ3NDEKTSV4RRFFQ69G5FAV", longest, "42-a.b_c+d"]
        let hostile = [
            "../x", "..\\x", "a/b", "/etc/passwd", longest + "a", "", " ", "a b", "ä", "a\nb", "%2e%2e%2fx", "a\u{0}b",
            String(repeating: "../", count: 40),
        ]
        for (index, correlation) in (plain + hostile).enumerated() {
            #expect(try await device.send("POST", "/events", body: Self.body(["e\(index)"], correlation: correlation)).status == 200)
        }
        #expect(try await device.send("POST", "/events", body: Self.body(["none"], correlation: nil)).status == 200)
        #expect(Set(Self.files(device)) == Set((plain + ["unknown"]).map { "events-\($0)" }))
        #expect(Self.ids(device, "unknown").count == hostile.count + 1)
        #expect(!FileManager.default.fileExists(atPath: "\(device.server.datadir)/devices/x"))
    }

    @Test("A device keeps 20 correlations and 200 events of each; the oldest leave first, also after a restart")
    func caps() async throws {
        let server = try await TestServer.start(samples: false)
        defer { server.stop() }
        let device = try await server.device("event-caps")
        for number in 1...22 {
            #expect(try await device.send("POST", "/events", body: Self.body(["x"], correlation: "c\(number)")).status == 200)
        }
        #expect(Set(Self.files(device)) == Set((3...22).map { "events-c\($0)" }))
        // Written again, the oldest is the newest.
        #expect(try await device.send("POST", "/events", body: Self.body(["y"], correlation: "c3")).status == 200)
        await server.kill()
        try await server.launch()
        #expect(try await device.send("POST", "/events", body: Self.body(["x"], correlation: "new")).status == 200)
        #expect(Set(Self.files(device)) == Set(([3] + Array(5...22)).map { "events-c\($0)" } + ["events-new"]))

        for batch in 0..<6 {
            let ids = (0..<40).map { "\(batch * 40 + $0)" }
            #expect(try await device.send("POST", "/events", body: Self.body(ids, correlation: "many")).status == 200)
            #expect(Self.ids(device, "many").last == ids.last)
        }
        let kept = Self.ids(device, "many").compactMap { Int($0) }
        #expect((100...200).contains(kept.count))
        #expect(kept == Array((240 - kept.count)..<240))
    }

    @Test("The same id twice is one line, also after a kill")
    func twice() async throws {
        let server = try await TestServer.start(samples: false)
        defer { server.stop() }
        let device = try await server.device("event-twice")
        #expect(try await device.send("POST", "/events", body: Self.body(["a", "b", "a"])).status == 200)
        #expect(try await device.send("POST", "/events", body: Self.body(["b", "c"])).status == 200)
        #expect(Self.ids(device) == ["a", "b", "c"])
        await server.kill()
        try await server.launch()
        #expect(try await device.send("POST", "/events", body: Self.body(["a", "b", "c", "d"])).status == 200)
        #expect(Self.ids(device) == ["a", "b", "c", "d"])
    }

    @Test("What is acknowledged is stored: killed right behind each of 50 answers, everything is there")
    func acknowledged() async throws {
        let server = try await TestServer.start(samples: false)
        defer { server.stop() }
        let device = try await server.device("event-kill")
        for round in 1...50 {
            let answer: Answer
            switch round % 5 {
            case 0: answer = try await device.send("PUT", "/system_info", body: #"{"round":\#(round)}"#)
            case 1: answer = try await device.send("POST", "/apps-states", body: #"{"round":\#(round),"apps":null}"#)
            default: answer = try await device.send("POST", "/events", body: Self.body(["e\(round)"], correlation: "r\(round % 3)"))
            }
            await server.kill()
            try #require(answer.status == 200)
            try await server.launch()
            let events = (1...round).filter { $0 % 5 > 1 }
            for file in 0..<3 {
                #expect(Self.ids(device, "r\(file)") == events.filter { $0 % 3 == file }.map { "e\($0)" }, "after round \(round)")
            }
            let info = server.document("devices/event-kill/hardware-info") as? [String: Int]
            #expect(info?["round"] ?? 0 == round / 5 * 5)
            let states = server.names("devices/event-kill").filter { $0.hasPrefix("apps-states-") }
            #expect(states.count == min(10, (round + 4) / 5))
        }
        #expect(server.names("devices/event-kill").allSatisfy { !$0.hasPrefix(".") })
    }

    @Test("A check-in is in GET /device at once, and in the database soon after", .enabled(if: TestServer.hasSQLite))
    func checkIns() async throws {
        let server = try await SharedServer.get()
        let device = try await server.device("check-in")
        let answer = try await device.get(
            "/device", tag: "main", ["-H", "x-ats-target: lmp-42", "-H", "x-ats-ostreehash: abc", "-H", "x-ats-dockerapps: one,two"])
        #expect(answer.json["target_name"] as? String == "lmp-42")
        let query =
            "SELECT is_prod, deleted, tag, target_name, ostree_hash, apps, last_seen >= created_at FROM devices WHERE uuid = 'check-in'"
        try await expectEventually { try await server.rows(query) == [#"0|0|main|lmp-42|abc|["one","two"]|1"#] }
        #expect(try await server.rows("SELECT pubkey FROM devices WHERE uuid = 'check-in'").first == "-----BEGIN PUBLIC KEY-----")
    }

    @Test("The table of devices begins with the columns of the data model", .enabled(if: TestServer.hasSQLite))
    func columns() async throws {
        let server = try await SharedServer.get()
        let columns = try await server.rows(
            "SELECT name || ' ' || type || ' ' || \"notnull\" || ' ' || pk FROM pragma_table_info('devices')")
        #expect(
            columns.prefix(11) == [
                "uuid VARCHAR(48) 1 1", "pubkey TEXT 0 0", "deleted BOOL 0 0", "is_prod BOOL 0 0", "created_at INT 0 0",
                "last_seen INT 0 0", "tag VARCHAR(80) 0 0", "update_name VARCHAR(80) 0 0", "target_name VARCHAR(80) 0 0",
                "ostree_hash VARCHAR(80) 0 0", "apps JSON 0 0",
            ])
    }
}
