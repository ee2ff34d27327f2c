import DeviceAuth
import FileTree
import Fleet
import Foundation
import Testing

@testable import Persistence

@Suite("Configuration files on the disk")
struct ConfigurationVersionFilesTests {
    private struct Killed: Error {}

    private static let places: [ConfigurationPlace] = [
        .fleet, (try? GroupName("oslo")).map(ConfigurationPlace.group) ?? .fleet,
        (try? DeviceID("d1")).map(ConfigurationPlace.device) ?? .fleet,
    ]

    private func version(_ number: Int, _ value: String = "hunter2") throws -> ConfigurationVersion {
        let file = try ConfigurationFile(value: value + "\u{0}\n\"é", onChanged: ["/bin/x", "y"], isUnencrypted: number % 2 == 0)
        return ConfigurationVersion(
            number: number, time: 1_700_000_000, author: "token:x", reason: try ConfigurationReason("why é"),
            files: number == 3 ? Fleet.ConfigurationFiles() : try Fleet.ConfigurationFiles([ConfigurationFileName("a"): file]))
    }

    @Test("what is not there is nil, and no error")
    func absent() throws {
        let scratch = try Scratch()
        let files = try ConfigurationVersionFiles(dataDirectory: scratch.root)
        for place in Self.places {
            #expect(try files.current(place) == nil)
            #expect(try files.version(1, of: place) == nil)
            #expect(try files.numbers(of: place).isEmpty)
            try files.removeAll(of: place)
        }
    }

    @Test("killed at any point of a change, a place has the old files or the new ones", arguments: ConfigurationVersionFiles.Step.allCases)
    func killed(at step: ConfigurationVersionFiles.Step) throws {
        for place in Self.places {
            let scratch = try Scratch()
            try ConfigurationVersionFiles(dataDirectory: scratch.root).add(try version(1, "old"), to: place)
            let dying = try ConfigurationVersionFiles(dataDirectory: scratch.root) { if $0 == step { throw Killed() } }
            #expect(throws: Killed.self) { try dying.add(try version(2, "new"), to: place) }
            let after = try ConfigurationVersionFiles(dataDirectory: scratch.root)
            #expect(try after.current(place) == version(step == .afterWriting ? 2 : 1, step == .afterWriting ? "new" : "old"))
            try after.add(try version(2, "newer"), to: place)
            #expect(try after.current(place) == version(2, "newer"))
        }
    }

    @Test("what a killed process left half written is not read")
    func halfWritten() throws {
        let scratch = try Scratch()
        let files = try ConfigurationVersionFiles(dataDirectory: scratch.root)
        try files.add(try version(1), to: .fleet)
        try scratch.put(Array("{\"ver".utf8), at: "config/fleet/.00000002.json.new")
        for stray in ["2.json", "00000003.json~", "x.json", "-0000001.json"] { try scratch.put([], at: "config/fleet/\(stray)") }
        #expect(try files.numbers(of: .fleet) == [1])
        try files.add(try version(2), to: .fleet)
        #expect(try files.current(.fleet) == version(2))
    }

    @Test("a version that was spoiled by hand is named with a remedy, and not quoted")
    func spoiled() throws {
        let scratch = try Scratch()
        let files = try ConfigurationVersionFiles(dataDirectory: scratch.root)
        try files.add(try version(1), to: .fleet)
        let good = scratch.text("config/fleet/00000001.json")
        for (old, new) in [("\"version\" : 1", "\"version\" : 2"), ("\"a\" :", "\"../a\" :"), ("hunter2", "hunter2\n"), ("}", "")] {
            try scratch.put(Array(good.replacingOccurrences(of: old, with: new).utf8), at: "config/fleet/00000001.json")
            #expect { try files.current(.fleet) } throws: { error in
                (error as? PersistenceError)?.code == .corrupt && "\(error)".contains("00000001.json") && !"\(error)".contains("hunter2")
            }
        }
    }

    @Test("every version comes back as it was, and only the server's user may read it")
    func kept() throws {
        let scratch = try Scratch()
        let files = try ConfigurationVersionFiles(dataDirectory: scratch.root)
        for place in Self.places {
            for number in 1...4 { try files.add(try version(number), to: place) }
        }
        for place in Self.places {
            #expect(try files.numbers(of: place) == [1, 2, 3, 4])
            for number in 1...4 { #expect(try files.version(number, of: place) == version(number)) }
        }
        #expect(try files.groups() == [GroupName("oslo")])
        for (name, mode) in [("config", 0o700), ("config/devices/d1", 0o700), ("config/groups/oslo/00000001.json", 0o600)] {
            let attributes = try FileManager.default.attributesOfItem(atPath: "\(scratch.path)/\(name)")
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == mode)
        }
        try files.removeAll(of: .group(try GroupName("oslo")))
        #expect(try files.groups().isEmpty)
    }

    @Test("200 versions are kept; behind them the oldest go, and numbers go on")
    func bounded() throws {
        let scratch = try Scratch()
        let files = try ConfigurationVersionFiles(dataDirectory: scratch.root)
        for number in 1...203 { try files.add(try version(number), to: .fleet) }
        #expect(try files.numbers(of: .fleet) == Array(4...203))
        #expect(try files.version(3, of: .fleet) == nil)
    }
}
