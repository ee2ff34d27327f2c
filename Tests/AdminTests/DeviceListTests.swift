import DeviceAuth
import Fleet
import Foundation
import Testing

@testable import Admin

@Suite("Asking the fleet")
struct DeviceListTests {
    private func escaped(_ text: String) -> String { text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "" }

    private func change(_ fixture: Fixture, _ name: String, _ body: (inout DeviceState) throws -> Void) throws {
        let entry = try fixture.registry.entry(DeviceID(name))
        var state = entry.state
        try body(&state)
        entry.change { $0 = state }
    }

    /// d0 to d5: d0 and d1 in group oslo, d1 with a name and labels, d2 online.
    private func filled() async throws -> Fixture {
        let fixture = try Fixture()
        try await fixture.addDevices((0..<6).map { "d\($0)" })
        for name in ["d0", "d1"] { try change(fixture, name) { $0.group = try GroupName("oslo") } }
        try change(fixture, "d1") {
            $0.name = try DeviceName("Rack, \"3\"")
            $0.labels = try Labels(["site": "=1+2", "floor": "3"])
            $0.targetName = "-lmp-42"
            $0.apps = ["@a", "b"]
            $0.hardwareID = "intel"
            $0.status = .failed
        }
        try fixture.registry.entry(DeviceID("d2")).see(at: fixture.clock.now - 60)
        return fixture
    }

    @Test(
        "a filter, an order, a count and a format that are wrong are refused, and the filter's error has its character",
        arguments: [
            ("?q=tag%3D", "filter-invalid", 5), ("?q=", "filter-invalid", 1), ("?q=tga%3Dmain", "filter-invalid", 1),
            ("/count?q=tag%3Dmain%20and", "filter-invalid", 13), ("/export?format=csv&q=(", "filter-invalid", 2),
            ("?sort=tga", "attribute-unknown", nil), ("?sort=app", "attribute-unknown", nil), ("/count?by=x", "attribute-unknown", nil),
            ("/count?by=lastSeen", "attribute-unknown", nil), ("/export?format=csv&sort=x", "attribute-unknown", nil),
            ("?q=%ff", "query-invalid", nil), ("?q=tag%3", "query-invalid", nil), ("/export", "format-invalid", nil),
            ("/export?format=xlsx", "format-invalid", nil),
            ("/export?format=csv&limit=0", "limit-invalid", nil), ("?q=\(String(repeating: "a", count: 4097))", "filter-invalid", 1),
        ] as [(String, String, Int?)])
    func refusals(path: String, slug: String, position: Int?) async throws {
        let fixture = try Fixture()
        try await fixture.serve { ask async throws in
            let answer = try await ask(.get, "/v1/devices\(path)")
            #expect(answer.status == 400)
            #expect(answer.slug == slug)
            #expect(answer.json["position"] as? Int == position)
            #expect(answer.headers[.contentType] == "application/problem+json")
        }
    }

    @Test("a list holds the devices that the filter means, in the order that is asked for")
    func list() async throws {
        let fixture = try await filled()
        try await fixture.serve { ask async throws in
            func names(_ query: String) async throws -> [String] {
                try await ask(.get, "/v1/devices?\(query)").list("devices").compactMap { $0["uuid"] as? String }
            }
            #expect(try await names("q=\(escaped("group=oslo and not label.site"))") == ["d0"])
            #expect(try await names("q=\(escaped("name=\"Rack, \\\"*\""))") == ["d1"])
            #expect(try await names("q=online") == ["d2"])
            // As a form writes it, and a plus that is one.
            #expect(try await names("sort=uuid&q=group%3Doslo+and+not+has+name&limit=5") == ["d0"])
            #expect(try await names("q=label.site~1%2B2") == ["d1"])
            #expect(try await names("q=\(escaped("lastSeen<1h or status=failed"))&sort=-version") == ["d1", "d2"])
            #expect(try await names("sort=-uuid&limit=2") == ["d5", "d4"])
            // Over pages, and a cursor of one order does not go with another.
            let first = try await ask(.get, "/v1/devices?sort=-label.floor&limit=4")
            let cursor = try #require(first.json["nextCursor"] as? String)
            #expect(first.list("devices").first?["uuid"] as? String == "d1")
            #expect(try await names("sort=-label.floor&limit=4&cursor=\(cursor)") == ["d4", "d5"])
            #expect(try await ask(.get, "/v1/devices?sort=label.floor&cursor=\(cursor)").slug == "cursor-invalid")
        }
    }

    @Test("a device shows its name, group, labels, hardware, status and whether it is online")
    func document() async throws {
        let fixture = try await filled()
        try await fixture.serve { ask async throws in
            let device = try await ask(.get, "/v1/devices/d1").json
            #expect(device["name"] as? String == "Rack, \"3\"" && device["group"] as? String == "oslo")
            #expect(device["labels"] as? [String: String] == ["site": "=1+2", "floor": "3"])
            #expect(device["hardwareId"] as? String == "intel" && device["status"] as? String == "failed")
            #expect(device["version"] as? Int == 42 && device["online"] as? Bool == false)
            let other = try await ask(.get, "/v1/devices/d2").json
            #expect(other["name"] is NSNull && other["group"] is NSNull && other["online"] as? Bool == true)
            #expect(other["labels"] as? [String: String] == [:] && other["certificateEnds"] is NSNull)
        }
    }

    @Test("devices are counted in all and by an attribute")
    func counts() async throws {
        let fixture = try await filled()
        try await fixture.serve { ask async throws in
            let all = try await ask(.get, "/v1/devices/count")
            #expect(all.json["total"] as? Int == 6 && all.json["by"] is NSNull && all.list("groups").isEmpty)
            let groups = try await ask(.get, "/v1/devices/count?by=group")
            #expect(groups.list("groups").map { $0["count"] as? Int } == [4, 2])
            #expect(groups.list("groups").first?["value"] is NSNull && groups.list("groups").last?["value"] as? String == "oslo")
            #expect(try await ask(.get, "/v1/devices/count?q=group%3Doslo&by=LABEL.site").json["by"] as? String == "label.site")
        }
    }

    @Test("a table is RFC 4180 with a column per label, and no cell of it becomes a formula")
    func csv() async throws {
        let fixture = try await filled()
        try await fixture.serve { ask async throws in
            let answer = try await ask(.get, "/v1/devices/export?format=csv&q=group%3Doslo")
            #expect(answer.headers[.contentType] == "text/csv; charset=utf-8; header=present")
            #expect(answer.headers[.contentDisposition] == "attachment; filename=\"devices.csv\"")
            let lines = answer.text.split(separator: "\r\n", omittingEmptySubsequences: false).map(String.init)
            #expect(lines.count == 4 && lines[3].isEmpty)
            #expect(lines[0].hasPrefix("uuid,name,group,isProd,") && lines[0].hasSuffix(",keyChangeAllowed,label.floor,label.site"))
            #expect(lines[1].hasPrefix("d0,,oslo,false,main,,,,,,,unknown,false,false,2026-03-01T12:00:00Z,,,,false,,"))
            #expect(lines[2].hasPrefix("d1,\"Rack, \"\"3\"\"\",oslo,false,main,,'-lmp-42,42,,'@a b,intel,failed,false,"))
            #expect(lines[2].hasSuffix(",3,'=1+2"))
        }
    }

    @Test(
        "a cell is quoted where it must be, and marked where a spreadsheet would calculate",
        arguments: [
            ("a", "a"), ("", ""), ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""), ("a\r\nb", "\"a\r\nb\""), ("=A1", "'=A1"), ("+1", "'+1"),
            ("-1", "'-1"), ("@SUM(A1,B1)", "\"'@SUM(A1,B1)\""), ("\t=1", "'\t=1"), ("=\"\"", "\"'=\"\"\"\"\""), ("a=1", "a=1"),
            ("=\u{301}1", "'=\u{301}1"),
        ])
    func cells(text: String, expected: String) { #expect(DeviceTable.cell(text) == expected) }

    @Test("more labels than a table has columns for are refused as a table and exported as lines")
    func wide() async throws {
        let fixture = try Fixture()
        let names = (0..<9).map { "d\($0)" }
        try await fixture.addDevices(names)
        for (device, name) in names.enumerated() {
            try change(fixture, name) { for label in 0..<29 { try $0.labels.set("l\(device * 29 + label)", to: "x") } }
        }
        try await fixture.serve { ask async throws in
            #expect(try await ask(.get, "/v1/devices/export?format=csv").slug == "export-too-wide")
            #expect(try await ask(.get, "/v1/devices/export?format=csv&limit=8").status == 200)
            #expect(try await ask(.get, "/v1/devices/export?format=ndjson").text.split(separator: "\n").count == 9)
        }
    }

    @Test("an export holds every device once, in order, one document to a line")
    func ndjson() async throws {
        let fixture = try Fixture()
        let names = (0..<1_001).map { "d\($0)" }
        try await fixture.addDevices(names)
        try await fixture.serve { ask async throws in
            let lines = try await ask(.get, "/v1/devices/export?format=ndjson&sort=-uuid").text.split(separator: "\n")
            let found = lines.compactMap { (try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])?["uuid"] as? String }
            #expect(found == names.sorted(by: >))
            #expect(try await ask(.get, "/v1/devices/export?format=ndjson&limit=3").text.split(separator: "\n").count == 3)
        }
    }

    @Test("who takes an export slowly keeps nobody waiting, and gets all of it", .timeLimit(.minutes(1)))
    func slowReader() async throws {
        let fixture = try Fixture()
        try await fixture.addDevices((0..<20_000).map { "device-\($0)" })
        try await withServer(fixture) { address, _ in
            let slow = try RawConnection(to: address)
            slow.write(
                "GET /v1/devices/export?format=ndjson HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                    + "Authorization: Bearer \(fixture.token)\r\n\r\n")
            #expect(try await slow.read(until: "\r\n\r\n").hasPrefix("HTTP/1.1 200"))
            let other = try RawConnection(to: address)
            other.write(
                "GET /v1/devices/count HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer \(fixture.token)\r\n\r\n")
            #expect(try await other.readToEnd().contains("\"total\":20000"))
            #expect(try await slow.readToEnd().contains("\"device-9999\""))
        }
    }

    @Test("a device that is called like a word of the API can be looked at, denied and deleted", arguments: ["count", "export"])
    func shadow(name: String) async throws {
        let fixture = try Fixture()
        try await fixture.addDevices([name])
        try await fixture.serve { ask async throws in
            let path = "/v1/devices/\(name == "count" ? "%63ount" : "%65xport")"
            #expect(try await ask(.get, path).json["uuid"] as? String == name)
            #expect(try await ask(.put, "/v1/devices/\(name)/deny").json["denied"] as? Bool == true)
            #expect(try await ask(.delete, "/v1/devices/\(name)").status == 204)
            #expect(try await ask(.get, path).slug == "device-unknown")
        }
    }
}
