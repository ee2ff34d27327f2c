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
        "DEVICE_GONE: \(uuid)", "\0\0\0", "DEVICE_STATUS: \(uuid) - - true",
    ]

    @Test("a line of another form is none, and changes nothing", arguments: foreign)
    func none(line: String) { #expect(RolloutLine(line) == nil) }

    @Test(
        "the lines of the requirement are written exactly so, and read back",
        arguments: [
            "DEVICE_SEEN: \(uuid)", "DEVICE_STATUS: \(uuid) DownloadStarted", "DEVICE_STATUS: \(uuid) DownloadComplete - true",
            "DEVICE_STATUS: \(uuid) InstallComplete - false",
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

@Suite struct RolloutProgressTests {
    private func line(_ text: String) throws -> RolloutLine { try #require(RolloutLine(text)) }

    private func progress(_ lines: [String], devices: [String] = ["a", "b"]) throws -> RolloutProgress {
        var progress = RolloutProgress(devices: try devices.map(id))
        for text in lines { progress.apply(try line(text)) }
        return progress
    }

    @Test("lines about devices that are not in the rollout change nothing")
    func strangers() throws { #expect(try progress(["DEVICE_SEEN: c", "DEVICE_STATUS: c InstallComplete - true"]) == progress([])) }

    static let phases: [(lines: [String], phase: RolloutProgress.Phase)] = [
        ([], .assigned), (["DEVICE_SEEN: a"], .seen), (["DEVICE_STATUS: a DownloadStarted"], .updating),
        (["DEVICE_STATUS: a DownloadStarted", "DEVICE_SEEN: a"], .updating), (["DEVICE_STATUS: a DownloadComplete - true"], .updating),
        (["DEVICE_STATUS: a DownloadComplete - false"], .failed),
        (["DEVICE_STATUS: a DownloadComplete - false", "DEVICE_STATUS: a DownloadStarted"], .updating),
        (["DEVICE_STATUS: a InstallComplete"], .updating), (["DEVICE_STATUS: a InstallComplete - false"], .failed),
        (["DEVICE_STATUS: a InstallComplete - true"], .succeeded),
        (["DEVICE_STATUS: a InstallComplete - true", "DEVICE_STATUS: a MetadataUpdateComplete - true"], .succeeded),
        (["DEVICE_STATUS: a InstallComplete - true", "DEVICE_SEEN: a"], .succeeded),
        (["DEVICE_STATUS: a InstallComplete - true", "DEVICE_STATUS: a InstallComplete - false"], .failed),
    ]

    @Test("a device's phase follows from its lines", arguments: phases)
    func phase(lines: [String], phase: RolloutProgress.Phase) throws {
        #expect(try progress(lines).devices[id("a")]?.phase == phase)
    }

    @Test("a device that was taken over brings no news any more, unless it had succeeded")
    func superseded() throws {
        var progress = try progress(["DEVICE_STATUS: b InstallComplete - true"])
        for name in ["a", "b"] { progress.supersede(try id(name)) }
        progress.apply(try line("DEVICE_STATUS: a InstallComplete - true"))
        #expect(try progress.devices[id("a")]?.phase == .superseded)
        #expect(try progress.devices[id("b")]?.phase == .succeeded)
        #expect(progress.isComplete)
    }

    @Test(
        "a rollout without devices, or with one that can still bring news, is not complete",
        arguments: [
            [], ["DEVICE_STATUS: a InstallComplete - true"],
            ["DEVICE_STATUS: a InstallComplete - true", "DEVICE_STATUS: b InstallComplete - false"],
        ])
    func incomplete(lines: [String]) throws {
        #expect(try !progress(lines).isComplete)
        #expect(!RolloutProgress().isComplete)
    }

    @Test("the counts are those of the devices, whatever lines come in which order", arguments: [UInt64(1), 7, 20_260_131])
    func counts(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let names = try (0..<12).map { try id("d\($0)") }
        var progress = RolloutProgress()
        let steps = [
            "DownloadStarted", "DownloadComplete - true", "DownloadComplete - false", "InstallComplete - true", "InstallComplete - false",
            "InstallComplete",
        ]
        for _ in 0..<3_000 {
            let name = names[Int.random(in: 0..<names.count, using: &random)]
            switch Int.random(in: 0..<10, using: &random) {
            case 0: progress.add([name, name])
            case 1: progress.supersede(name)
            case 2, 3: progress.apply(.seen(name))
            default: progress.apply(try line("DEVICE_STATUS: \(name) \(steps[Int.random(in: 0..<steps.count, using: &random)])"))
            }
            for phase in RolloutProgress.Phase.allCases {
                #expect(progress.counts[phase] ?? 0 == progress.devices.values.count { $0.phase == phase }, "seed \(seed)")
            }
        }
        #expect(progress.counts.values.reduce(0, +) == progress.devices.count, "seed \(seed)")
    }
}

@Suite struct RolloutPlanTests {
    @Test("only devices of the update's channel and tag that may have it are assigned; the others are told with the reason")
    func plan() throws {
        let update = try update("43")
        let tag = update.tag
        let states: [DeviceState] = [
            DeviceState(id: try id("good"), channel: .ci, createdAt: 1, tag: tag),
            DeviceState(id: try id("prod"), channel: .prod, createdAt: 1, tag: tag),
            DeviceState(id: try id("other"), channel: .ci, createdAt: 1, tag: try .init("devel")),
            DeviceState(id: try id("silent"), channel: .ci, createdAt: 1),
            DeviceState(id: try id("denied"), isDenied: true, channel: .ci, createdAt: 1, tag: tag),
            DeviceState(id: try id("deleted"), isDeleted: true, channel: .ci, createdAt: 1, tag: tag),
            DeviceState(id: try id("both"), isDenied: true, isDeleted: true, channel: .prod, createdAt: 1),
        ]
        let plan = RolloutPlan(update: update, devices: states.map(\.id) + [try id("unknown")]) { id in states.first { $0.id == id } }
        #expect(plan.assign == [try id("good")])
        let expected: [(String, Rollout.Skipped.Reason)] = [
            ("prod", .otherChannel), ("other", .otherTag), ("silent", .otherTag), ("denied", .denied), ("deleted", .unknown),
            ("both", .unknown),
            ("unknown", .unknown),
        ]
        #expect(plan.skipped == (try expected.map { Rollout.Skipped(uuid: try id($0), reason: $1) }))
    }
}
