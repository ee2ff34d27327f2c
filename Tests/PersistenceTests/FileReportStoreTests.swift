import FileTree
import Fleet
import Foundation
import Testing

@testable import Persistence

@Suite struct FileReportStoreTests {
    @Test("an event that comes again is kept once, in one request, in two, and after a restart")
    func duplicates() async throws {
        let scratch = try Scratch()
        let device = try id("device")
        let rollout = RolloutID.make(at: 1)
        var store = try FileReportStore(root: scratch.root, board: RolloutBoard(), now: { 1_000 })
        let stored = try await store.append(
            [try entry("1", rollout: rollout), try entry("1", rollout: rollout), try entry("2", rollout: rollout)], of: device)
        #expect(stored.map(\.event.id) == ["1", "2"])
        #expect(try await store.append([try entry("1", rollout: rollout)], of: device).isEmpty)
        store = try FileReportStore(root: scratch.root, board: RolloutBoard(), now: { 1_000 })
        #expect(
            try await store.append([try entry("2", rollout: rollout), try entry("3", rollout: rollout)], of: device).map(\.event.id) == [
                "3"
            ])
        #expect(try eventIDs(scratch.text("devices/device/events-43-x")) == ["1", "2", "3"])
        #expect(
            scratch.rolloutLines(rollout)
                == ["DEVICE_STATUS: device Line1", "DEVICE_STATUS: device Line2", "DEVICE_STATUS: device Line3"])
    }

    @Test("events go to the file of their correlation id, and the same id in another file is another event")
    func correlation() async throws {
        let scratch = try Scratch()
        let store = try FileReportStore(root: scratch.root, board: RolloutBoard(), now: { 1_000 })
        let device = try id("device")
        _ = try await store.append(
            [try entry("1", correlation: "-a"), try entry("1", correlation: "../x"), try entry("1", correlation: "..")], of: device)
        #expect(try await store.files(of: device).map(\.name) == ["events--a", "events-..", "events-unknown"])
        #expect(
            try scratch.everything().keys.filter { !$0.hasPrefix("fleet/") }.sorted() == [
                "devices/device/events--a", "devices/device/events-..", "devices/device/events-unknown",
            ])
    }

    @Test("events are read back by correlation, the one that was written last at the end, past lines that somebody spoiled")
    func history() async throws {
        let scratch = try Scratch()
        let store = try FileReportStore(root: scratch.root, board: RolloutBoard(), now: { 1_000 })
        let device = try id("device")
        for (number, correlation) in [("1", "a"), ("2", "b"), ("3", "a")] {
            _ = try await store.append([try entry(number, correlation: correlation)], of: device)
        }
        try await store.settle()
        for (correlation, second) in [("a", 20.0), ("b", 10.0)] {
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: second)],
                ofItemAtPath: "\(scratch.path)/devices/device/events-\(correlation)")
        }
        let kept = try await store.events(of: device)
        #expect(kept.map(\.correlation.text) == ["b", "a"])
        #expect(kept.map { $0.events.map(\.id) } == [["2"], ["1", "3"]])
        #expect(try await store.lastWrites().map { "\($0.device) \($0.at)" } == ["device 20"])
        try scratch.put(Array("no event\n{}\n".utf8), at: "devices/device/events-c")
        #expect(try await store.events(of: device).last?.events == [])
        #expect(try await store.events(of: try id("nobody")).isEmpty)
    }

    @Test("a report replaces the one before")
    func replace() async throws {
        let scratch = try Scratch()
        let store = try FileReportStore(root: scratch.root, board: RolloutBoard(), now: { 1_000 })
        for report in Report.allCases {
            try await store.replace(report, of: try id("device"), with: Array("a long first one".utf8))
            try await store.replace(report, of: try id("device"), with: Array("second".utf8))
            #expect(scratch.text("devices/device/\(report.fileName)") == "second")
        }
        #expect(Set(try await store.files(of: try id("device")).map(\.name)) == ["hardware-info", "network-info", "aktoml"])
    }

    @Test("of too many event files the one that was written longest ago leaves")
    func eventFiles() async throws {
        let scratch = try Scratch()
        let store = try FileReportStore(root: scratch.root, board: RolloutBoard(), now: { 1_000 })
        let device = try id("device")
        for number in 0..<DeviceFolder.mostEventFiles {
            _ = try await store.append([try entry("1", correlation: "c\(number)")], of: device)
        }
        // News for the first one: now the second one is the oldest.
        _ = try await store.append([try entry("2", correlation: "c0")], of: device)
        _ = try await store.append([try entry("1", correlation: "new")], of: device)
        let names = Set(try await store.files(of: device).map(\.name))
        #expect(names.count == DeviceFolder.mostEventFiles)
        #expect(names.contains("events-c0") && !names.contains("events-c1") && names.contains("events-new"))
    }

    @Test("of too many events in a file the oldest leave, and the file stays within its bounds")
    func eventsInFile() async throws {
        let scratch = try Scratch()
        let store = try FileReportStore(root: scratch.root, board: RolloutBoard(), now: { 1_000 })
        let device = try id("device")
        let count = DeviceFolder.mostEventsInFile * 2 + 50
        for start in stride(from: 0, to: count, by: 50) {
            _ = try await store.append(try (start..<min(start + 50, count)).map { try entry("\($0)") }, of: device)
            let ids = try eventIDs(scratch.text("devices/device/events-43-x"))
            #expect(ids.count <= DeviceFolder.mostEventsInFile)
            #expect(ids == ids.sorted { (Int($0) ?? 0) < (Int($1) ?? 0) })
            #expect(ids.last == "\(min(start + 50, count) - 1)")
        }
    }

    @Test("long events make the oldest leave sooner")
    func eventBytes() async throws {
        let scratch = try Scratch()
        let store = try FileReportStore(root: scratch.root, board: RolloutBoard(), now: { 1_000 })
        for number in 0..<150 {
            _ = try await store.append([try entry("\(number)", details: String(repeating: "x", count: 4000))], of: try id("device"))
        }
        let bytes = scratch.bytes("devices/device/events-43-x")
        #expect(bytes.count <= DeviceFolder.largestEventFile)
        #expect(try eventIDs(String(decoding: bytes, as: UTF8.self)).last == "149")
    }

    @Test("of too many states of the apps the oldest leave, and two in one millisecond are two")
    func appsStates() async throws {
        let scratch = try Scratch()
        let device = try id("device")
        var store = try FileReportStore(root: scratch.root, board: RolloutBoard(), now: { 1_000 })
        for number in UInt8(0)..<UInt8(DeviceFolder.mostAppsStates) { try await store.addAppsState([number], of: device, at: 1_000) }
        store = try FileReportStore(root: scratch.root, board: RolloutBoard(), now: { 1_000 })
        // The clock was set back.
        try await store.addAppsState([100], of: device, at: 5)
        let names = try await store.files(of: device).map(\.name)
        #expect(names == (1_001...1_010).map { "apps-states-\($0)" })
        #expect(try await store.contents(of: device, file: "apps-states-1010") == [100])
    }

    @Test(
        "foreign names beside the reports are left alone and harm nobody",
        arguments: ["apps-states-9223372036854775807", "apps-states-+5", "apps-states-007", "apps-states--1", "events-", "events-a b"])
    func foreign(name: String) async throws {
        let scratch = try Scratch()
        let device = try id("device")
        _ = try scratch.root.makeDirectory("devices").makeDirectory("device")
        try scratch.put([1], at: "devices/device/\(name)")
        let store = try FileReportStore(root: scratch.root, board: RolloutBoard(), now: { 1_000 })
        for _ in 0...DeviceFolder.mostAppsStates { try await store.addAppsState([2], of: device, at: 100) }
        _ = try await store.append([try entry("1")], of: device)
        #expect(scratch.bytes("devices/device/\(name)") == [1])
    }

    @Test(
        "a file of events that somebody edited is not overwritten in the middle", arguments: ["{}", "\n\n{}\n\n", "no json at all", "\n"])
    func edited(text: String) async throws {
        let scratch = try Scratch()
        let device = try id("device")
        _ = try await FileReportStore(root: scratch.root, board: RolloutBoard(), now: { 1_000 }).append([try entry("1")], of: device)
        let path = "devices/device/events-43-x"
        try scratch.put(Array((scratch.text(path) + text).utf8), at: path)
        let store = try FileReportStore(root: scratch.root, board: RolloutBoard(), now: { 1_000 })
        _ = try await store.append([try entry("1"), try entry("2")], of: device)
        _ = try await store.append([try entry("3")], of: device)
        let lines = scratch.text(path).split(separator: "\n").map(String.init)
        #expect(!scratch.bytes(path).contains(0))
        #expect(lines.filter { $0.contains("eventType") }.count == 3)
        #expect(lines.first?.contains(#""id":"1""#) == true && lines.last?.contains(#""id":"3""#) == true)
        for line in text.split(separator: "\n") { #expect(lines.contains(String(line))) }
    }

    @Test("a test run keeps its files up to the bound, and the oldest run leaves")
    func tests() async throws {
        let scratch = try Scratch()
        let store = try FileReportStore(root: scratch.root, board: RolloutBoard(), now: { 1_000 })
        let device = try id("device")
        let run = try #require(TestID("run"))
        for number in 0..<DeviceFolder.mostFilesInTest {
            try await store.putTest([1], of: device, test: run, name: try #require(TestFileName("f\(number)")))
        }
        await #expect { try await store.putTest([1], of: device, test: run, name: try #require(TestFileName("more"))) } throws: {
            ($0 as? FleetError)?.code == .reportInvalid
        }
        try await store.putTest([2], of: device, test: run, name: try #require(TestFileName("f0")))
        #expect(scratch.bytes("devices/device/tests/run/f0") == [2])
        for number in 0..<DeviceFolder.mostTests {
            try await store.putTest([1], of: device, test: try #require(TestID("r\(number)")), name: .record)
        }
        #expect(try scratch.root.directory("devices/device/tests").names() == (0..<DeviceFolder.mostTests).map { "r\($0)" })
    }

    @Test("removing a device's reports takes all of them, and what comes later is kept")
    func removeAll() async throws {
        let scratch = try Scratch()
        let store = try FileReportStore(root: scratch.root, board: RolloutBoard(), now: { 1_000 })
        let device = try id("device")
        _ = try await store.append([try entry("1")], of: device)
        try await store.putTest([1], of: device, test: try #require(TestID("t")), name: .record)
        try await store.removeAll(of: device)
        #expect(try await store.files(of: device).isEmpty)
        #expect(scratch.root.status("devices/device") == nil)
        #expect(try await store.append([try entry("1")], of: device).count == 1)
        #expect(try eventIDs(scratch.text("devices/device/events-43-x")) == ["1"])
    }

    @Test(
        "a name with a slash, a hidden one and one that leads out are no files of a device",
        arguments: ["", ".", "..", "../other/aktoml", ".aktoml.new", "tests/run/f", "/etc/passwd", "aktoml\0", "link"])
    func names(name: String) async throws {
        let scratch = try Scratch()
        let store = try FileReportStore(root: scratch.root, board: RolloutBoard(), now: { 1_000 })
        try await store.replace(.aktoml, of: try id("other"), with: [1])
        try await store.replace(.aktoml, of: try id("device"), with: [1])
        try scratch.root.directory("devices/device").link("link", to: "../other/aktoml")
        #expect(try await store.contents(of: try id("device"), file: name) == nil)
        #expect(try await store.contents(of: try id("nobody"), file: "aktoml") == nil)
        #expect(try await store.files(of: try id("device")).map(\.name) == ["aktoml"])
    }

    @Test("reports by many devices at once are all there, each once")
    func concurrency() async throws {
        let scratch = try Scratch()
        let store = try FileReportStore(root: scratch.root, board: RolloutBoard(), now: { 1_000 })
        let rollout = RolloutID.make(at: 1)
        await withTaskGroup(of: Void.self) { group in
            for device in 0..<20 {
                for number in 0..<10 {
                    group.addTask {
                        await #expect(throws: Never.self) {
                            _ = try await store.append(
                                [try entry("\(number)", rollout: rollout), try entry("\(number)", rollout: rollout)],
                                of: try id("d\(device)"))
                        }
                    }
                }
            }
        }
        for device in 0..<20 {
            #expect(try eventIDs(scratch.text("devices/d\(device)/events-43-x")).sorted() == (0..<10).map { "\($0)" })
        }
        let lines = scratch.rolloutLines(rollout)
        #expect(lines.count == 200 && lines.allSatisfy { RolloutLine($0) != nil })
    }
}
