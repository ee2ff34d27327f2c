import Fleet
import Foundation
import Testing

@testable import Persistence

@Suite("an audit log that somebody changed") struct AuditTamperingTests {
    @Test("an edited line is found where it is, also the last one", arguments: [0, 2, 4])
    func edited(index: Int) async throws {
        let world = try AuditWorld()
        try await world.write(5)
        var lines = world.lines()
        lines[index] = lines[index].replacingOccurrences(of: "\"d\(index)\"", with: "\"x\"")
        try world.put(lines)
        let defect = try #require(try world.files.verify().defect)
        // What a line says is vouched for by the one behind it; the last by the head.
        #expect(defect.line == index + 2)
        #expect(defect.file == "2026-01.jsonl")
    }

    @Test("a line that was taken out is found", arguments: [0, 2, 4])
    func deleted(index: Int) async throws {
        let world = try AuditWorld()
        try await world.write(5)
        var lines = world.lines()
        lines.remove(at: index)
        try world.put(lines)
        #expect(try world.files.verify().defect?.line == index + 1)
    }

    @Test("two lines that changed places are found")
    func swapped() async throws {
        let world = try AuditWorld()
        try await world.write(5)
        var lines = world.lines()
        lines.swapAt(1, 2)
        try world.put(lines)
        #expect(try world.files.verify().defect?.line == 2)
    }

    @Test("a log whose end was cut off is found, and goes on with a gap that shows for ever")
    func truncated() async throws {
        let world = try AuditWorld()
        try await world.write(5)
        try world.put(Array(world.lines().prefix(3)))
        #expect(try world.files.verify().defect?.message == "the log ends with line 3, and line 5 was written")
        try await world.write(1)
        #expect(try world.files.verify().defect?.line == 4)
        #expect(try world.files.verify().lines == 3)
    }

    @Test("a month that was removed is found, whichever it was", arguments: ["2026-01.jsonl", "2026-02.jsonl", "all"])
    func month(name: String) async throws {
        let world = try AuditWorld()
        try await world.write(2)
        try await world.write(2, at: AuditWorld.february)
        #expect(try world.files.verify().defect == nil)
        for month in name == "all" ? ["2026-01.jsonl", "2026-02.jsonl"] : [name] { try world.root.remove("audit/\(month)") }
        #expect(try world.files.verify().defect != nil)
    }

    @Test("an added line is found, also one in another spelling of the same")
    func added() async throws {
        let world = try AuditWorld()
        try await world.write(2)
        var lines = world.lines()
        lines.insert(lines[0], at: 1)
        try world.put(lines)
        #expect(try world.files.verify().defect?.line == 2)
        lines[1] = "something else"
        try world.put(lines)
        #expect(try world.files.verify().defect?.line == 2)
    }

    @Test("an edit of the last line is not covered by the next entry")
    func coveredUp() async throws {
        let world = try AuditWorld()
        try await world.write(3)
        var lines = world.lines()
        lines[2] = lines[2].replacingOccurrences(of: "d2", with: "d9")
        try world.put(lines)
        try await world.write(1)
        #expect(try world.files.verify().defect?.line == 4)
    }
}
