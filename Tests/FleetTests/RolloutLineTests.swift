import DeviceAuth
import Fleet
import Foundation
import Testing

@Suite struct RolloutLineTests {
    private static let uuid = "0b8e4e1c-8b4e-4e1c-9f57-2d3a6a0c1b22"

    static let foreign: [String] = [
        "", " ", "DEVICE_SEEN", "DEVICE_SEEN:", "DEVICE_SEEN: ", "DEVICE_SEEN:\(uuid)", "DEVICE_SEEN: ..", "DEVICE_SEEN: a b",
        "DEVICE_SEEN: \(uuid) ",
        "device_seen: \(uuid)", " DEVICE_SEEN: \(uuid)", "DEVICE_STATUS: \(uuid)", "DEVICE_STATUS: \(uuid) ",
        "DEVICE_STATUS:  DownloadStarted",
        "DEVICE_STATUS: ../x DownloadStarted", "DEVICE_STATUS: \(uuid) DownloadComplete -",
        "DEVICE_STATUS: \(uuid) DownloadComplete - maybe",
        "DEVICE_STATUS: \(uuid) DownloadComplete true", "DEVICE_STATUS: \(uuid) DownloadComplete - true - true",
        "DEVICE_STATUS: \(uuid) Download\0 - true",
        "DEVICE_GONE: \(uuid)", "DEVICE_STATUS: \(uuid) InstallComplete - false:", "DEVICE_OFFERED: \(uuid)",
        "DEVICE_OFFERED: \(uuid) ../x",
        "DEVICE_SKIPPED: \(uuid) because", "DEVICE_SUPERSEDED: \(uuid) active", "PHASE: 0", "PHASE: one", "PHASE: -1", "STARTED: many",
        "GATE: 1", "PAUSED: nobody", "AT: yesterday", "AT: 2026-02-30T00:00:00Z", "AT: 2026-01-01 00:00:00Z", "AT:2026-01-01T00:00:00Z",
        "\0\0\0", "DEVICE_STATUS: \(uuid) - - true",
    ]

    @Test("a line of another form is none, and changes nothing", arguments: foreign)
    func none(line: String) { #expect(RolloutLine(line) == nil) }

    @Test(
        "the lines of the requirement are written exactly so, and read back",
        arguments: [
            "DEVICE_SEEN: \(uuid)", "DEVICE_STATUS: \(uuid) DownloadStarted", "DEVICE_STATUS: \(uuid) DownloadComplete - true",
            "DEVICE_STATUS: \(uuid) InstallComplete - false", "DEVICE_STATUS: \(uuid) InstallComplete - false: no space - true",
            "AT: 2026-02-28T23:59:59Z", "AT: 1970-01-01T00:00:00Z", "AT: 2400-02-29T12:00:00Z", "SCHEDULED: token ab", "APPROVED: local",
            "STARTED: 12", "PHASE: 2", "GATE: 1 met", "GATE: 1 lost", "PAUSED: rule:gate: it can no longer be met: 3 of 4",
            "PAUSED: token ab: a reason: two", "RESUMED: local", "COMPLETED: -", "ABORTED: local", "REVERTED: local", "SETTLED: -",
            "DEVICE_SKIPPED: \(uuid) device-denied", "DEVICE_JOINED: \(uuid)", "DEVICE_OFFERED: \(uuid) 42", "DEVICE_OFFERED: \(uuid) -",
            "DEVICE_RUNNING: \(uuid) lmp-42", "DEVICE_TIMEOUT: \(uuid)", "DEVICE_SUPERSEDED: \(uuid) 1700000000-abc",
            "DEVICE_PUT_BACK: \(uuid) 41", "DEVICE_PUT_BACK: \(uuid) -",
        ])
    func exact(text: String) throws { #expect(try #require(RolloutLine(text)).text == text) }

    static let events: [(type: String, success: String, status: String)] = [
        ("MetadataUpdateCompleted", "true", "MetadataUpdateComplete - true"), ("UpdateInitStarted", "null", "InitStarted"),
        ("UpdateInitCompleted", "true", "InitComplete - true"), ("EcuDownloadStarted", "null", "DownloadStarted"),
        ("EcuDownloadCompleted", "true", "DownloadComplete - true"), ("EcuDownloadCompleted", "false", "DownloadComplete - false"),
        ("EcuInstallationStarted", "null", "InstallStarted"), ("EcuInstallationApplied", "null", "InstallApplied"),
        ("EcuInstallationCompleted", "true", "InstallComplete - true"), ("CertRotationStarted", "null", "CertRotationStarted"),
        ("Some new/one\n", "false", "Somenewone - false"), ("äöü \n", "true", "Unknown - true"),
        ("DEVICE_SEEN: x\n", "null", "DEVICESEENx"),
    ]

    @Test("what a device reports becomes one line that is read back as the same", arguments: events)
    func statuses(type: String, success: String, status: String) throws {
        let encoded = try JSONSerialization.data(withJSONObject: [type])
        let name = String(decoding: encoded.dropFirst().dropLast(), as: UTF8.self)
        let body = #"[{"id":"1","eventType":{"id":\#(name)},"event":{"success":\#(success)}}]"#
        let event = try #require(try EventBatch(parsing: Array(body.utf8)).events.first)
        let line = RolloutLine.status(try id(Self.uuid), DeviceStatus(event))
        #expect(line.text == "DEVICE_STATUS: \(Self.uuid) \(status)")
        #expect(RolloutLine(line.text) == line)
    }

    @Test("what a device says of a failure is one printable line, cut to its length")
    func reasons() throws {
        for (details, shown) in [
            ("no space\\nleft", ": no space"), ("", ""), ("\\n\\n", ""), (" \\u0007bell ", ": bell"),
            (String(repeating: "é", count: 100), ": " + String(repeating: "é", count: 60)),
        ] {
            let body =
                #"[{"id":"1","eventType":{"id":"EcuDownloadCompleted"},"event":{"success":false,"details":"\#(details)"}}]"#
            let event = try #require(try EventBatch(parsing: Array(body.utf8)).events.first)
            let line = RolloutLine.status(try id("a"), DeviceStatus(event))
            #expect(line.text == "DEVICE_STATUS: a DownloadComplete - false\(shown)")
            #expect(RolloutLine(line.text) == line)
        }
    }

    @Test(
        "a hostile text is no rollout id",
        arguments: ["", "active", "-a", ".", "..", "a/b", "a.b", "a_b", "ä", "a\0", String(repeating: "a", count: 49)])
    func ids(text: String) {
        #expect { try RolloutID(text) } throws: { ($0 as? FleetError)?.code == .rolloutUnknown }
    }

    @Test("ids are made in the order of time and read back")
    func made() throws {
        let early = RolloutID.make(at: 1_700_000_000)
        let late = RolloutID.make(at: 1_700_000_001)
        #expect(early.text < late.text)
        #expect(try RolloutID(early.text) == early)
    }
}
