import DeviceAuth
import Fleet
import Foundation
import Testing
import UpdateTree

@Suite struct FilterTests {
    private let now = RandomFleet.now

    private func device(_ change: (inout DeviceState) throws -> Void = { _ in }) throws -> DeviceState {
        var state = DeviceState(
            id: try id("device-1"), key: try key("a"), channel: .prod, createdAt: now - 86_400, tag: try UpdateTree.Tag("main"),
            updateName: try UpdateName("42"), targetName: "intel-corei7-64-lmp-42", ostreeHash: "abcdef",
            apps: ["shellhttpd", "Fluentbit"], certificateEnds: now + 30 * 86_400, name: try DeviceName("Oslo Øst, rack 3"),
            group: try GroupName("oslo"), labels: try Labels(["site": "oslo", "note": "5 * 3"]), hardwareID: "intel-corei7-64",
            status: .idle)
        try change(&state)
        return state
    }

    private func matches(_ text: String, _ state: DeviceState, lastSeen: Int64? = nil) throws -> Bool {
        try Filter(text).matches(DeviceFacts(state: state, lastSeen: lastSeen ?? now - 60), now: now)
    }

    @Test(
        "a filter holds for a device of which it is true",
        arguments: [
            "uuid=device-1", "uuid=device-*", "name~ØST", "name=\"Oslo Øst, rack 3\"", "name=\"oslo*\" or name=\"Oslo*3\"",
            "group=oslo", "tag=main", "TAG=main", "channel=prod", "update=42", "target=intel-*-lmp-42", "version=42", "version>41",
            "version in (1, 42)", "ostree=abc*", "app=shellhttpd", "app~fluent", "app!=other", "hardware=intel-corei7-64", "status=idle",
            "denied=false", "not denied", "registered", "online", "online=true", "lastSeen<7d", "lastSeen<=60s", "lastSeen>59s",
            "createdAt<=1d", "createdAt>2026-09-20T00:00:00+02:00", "certificateEnds<31d", "certificateEnds>29d", "label.site=oslo",
            "label.site", "has label.site", "not has label.floor", "label.floor!=3", "label.note=\"5 \\* 3\"", "label.note~*",
            "tag=main and label.site=oslo and lastSeen<7d and not target=lmp-42", "tag=x or tag=main and group=oslo",
            "NOT (tag=x OR group=y)", "tag in (x, main)", "tag in (x, m*n)", "status in (idle, failed)",
        ])
    func holds(text: String) throws { #expect(try matches(text, try device())) }

    @Test(
        "a filter does not hold for a device of which it is false",
        arguments: [
            "uuid=device", "uuid=*2", "group=Oslo", "tag=mai", "tag=main*x", "target=*lmp-4", "version<42", "version in (1, 2)",
            "app=shell",
            "app!=shellhttpd", "lastSeen<60s", "lastSeen>7d", "certificateEnds<30d", "label.floor=3", "label.floor~3", "label.Site=oslo",
            "label.note=\"5 \\*\"", "name~\"rack*\"", "(tag=x or tag=main) and group=y", "not tag in (main)", "ostree=*abc*abcdef*",
            "createdAt<2026-01-01", "denied", "online=false", "registered!=true",
        ])
    func fails(text: String) throws { #expect(try !matches(text, try device())) }

    @Test("a deleted device is never meant, not even by the contrary of what it is")
    func deleted() throws {
        let state = try device { $0.isDeleted = true }
        for text in ["has uuid", "tag=main", "not tag=main", "denied or not denied"] { #expect(try !matches(text, state)) }
    }

    @Test("a device is online for 15 minutes after its last contact and not a second longer")
    func online() throws {
        let state = try device()
        #expect(try matches("online", state, lastSeen: now - 900))
        #expect(try !matches("online", state, lastSeen: now - 901))
        // A device that was never seen is neither online nor seen long ago.
        #expect(try !matches("online or lastSeen>1s or has lastSeen", state, lastSeen: 0))
    }

    @Test(
        "the version is the number at the end of the target's name",
        arguments: [("lmp-42", 42), ("42", 42), ("a-007", 7), ("lmp", nil), ("42-lmp", nil), ("", nil), ("a1234567890123456789", nil)])
    func version(target: String, expected: Int64?) { #expect(DeviceFacts.version(ofTarget: target) == expected) }

    @Test(
        "the canonical text has single spaces, lower-case keywords and no needless parentheses or quotes",
        arguments: [
            ("  tag = \"main\"   AND ( LASTSEEN<1w AND online )", "tag=main and lastSeen<7d and online=true"),
            ("(tag=a or (tag=b)) and not (not (has tag))", "(tag=a or tag=b) and not not has tag"),
            ("(tag=a and tag=b) or tag=c", "tag=a and tag=b or tag=c"),
            ("tag in (\"a\",b , \"c d\")", "tag in (a, b, \"c d\")"), ("tag in (a)", "tag=a"), ("tag=\"AND\"", "tag=\"AND\""),
            ("name~\"A*\\\\\"", "name~\"a*\\\\\""), ("name=\"a*\\*\\\"\"", "name=\"a*\\*\\\"\""), ("name=\"\"", "name=\"\""),
            ("createdAt>=2026-02-03", "createdAt>=2026-02-03T00:00:00Z"),
            ("createdAt=2024-02-29T23:59:59-01:30", "createdAt=2024-03-01T01:29:59Z"),
            ("createdAt>1969-12-31T23:59:59z", "createdAt>1969-12-31T23:59:59Z"),
            ("lastSeen<0w or lastSeen<90m or lastSeen<48h", "lastSeen<0s or lastSeen<90m or lastSeen<2d"),
            ("online!=true", "online=false"), ("version in (7)", "version=7"), ("label.Site", "has label.Site"),
        ])
    func canonical(text: String, expected: String) throws {
        #expect(try Filter(text).description == expected)
        #expect(try Filter(expected) == Filter(text))
    }

    @Test(
        "what is made up at random reads back equal from its canonical text and holds where a naive evaluation holds",
        arguments: [11, 12, 13])
    func property(seed: UInt64) throws {
        var fleet = RandomFleet(random: SeededGenerator(seed: seed))
        var random = SeededGenerator(seed: seed &+ 1000)
        var devices: [DeviceFacts] = []
        for number in 0..<60 { devices.append(DeviceFacts(state: try fleet.state("d\(number)"), lastSeen: fleet.lastSeen())) }
        var held = 0
        for _ in 0..<700 {
            let made = RandomFilter.make(&random)
            let text = made.text(&random)
            guard text.utf8.count <= 2048 else { continue }
            let filter = try Filter(text)
            #expect(try Filter(filter.description) == filter, "seed \(seed): \(text)")
            for device in devices {
                let expected = made.matches(device, now: now)
                held += expected ? 1 : 0
                #expect(filter.matches(device, now: now) == expected, "seed \(seed): \(text), \(device)")
            }
        }
        #expect(held > 5_000)
    }

    @Test("every attribute is found by the name that the table gives it")
    func names() throws {
        for row in FilterAttribute.table { #expect(try FilterAttribute(row.name) == row.attribute && row.attribute.text == row.name) }
        #expect(try FilterAttribute("label.Site").text == "label.Site")
    }

    @Test("the page about filters names every attribute, and its examples are filters")
    func page() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let page = try String(contentsOf: root.appending(path: "docs/reference/filter.md"), encoding: .utf8)
        for row in FilterAttribute.table { #expect(page.contains("\n| `\(row.name)` | "), "\(row.name)") }
        let examples = page.split(separator: "## Examples\n")[1].matches(of: /\n\| `([^`]+)` \|/).map { String($0.1) }
        #expect(examples.count == 7)
        for example in examples { #expect(throws: Never.self, "\(example)") { try Filter(example) } }
    }
}
