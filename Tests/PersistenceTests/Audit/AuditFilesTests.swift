import Fleet
import Foundation
import Testing

@testable import Persistence

@Suite("the audit log") struct AuditFilesTests {
    @Test("a crash in the middle of a line costs that line only, and the next one takes its place")
    func unfinished() async throws {
        let world = try AuditWorld()
        try await world.write(3)
        let text = world.lines().map { $0 + "\n" }.joined()
        for count in [1, 20, 200] {
            try world.put(text: text + String(world.lines()[0].prefix(count)))
            let verification = try world.files.verify()
            #expect(verification.defect == nil && verification.hasUnfinishedLine && verification.lines == 3)
        }
        try await world.write(1)
        let verification = try world.files.verify()
        #expect(verification.defect == nil && !verification.hasUnfinishedLine && verification.lines == 4)
        #expect(Array(world.lines().prefix(3)).map { $0 + "\n" }.joined() == text)
    }

    @Test("a crash between a line and the head costs nothing")
    func staleHead() async throws {
        let world = try AuditWorld()
        try await world.write(2)
        let head = try world.root.contents(of: "audit/head", limit: 4096)
        try await world.write(2)
        try world.root.replace("audit/head", with: head)
        #expect(try world.files.verify().defect == nil)
        try await world.write(1)
        #expect(try world.files.verify().lines == 5)
        #expect(try world.files.verify().defect == nil)
    }

    @Test("the chain goes on from month to month, and back never")
    func months() async throws {
        let world = try AuditWorld()
        try await world.write(2)
        try await world.write(2, at: AuditWorld.february)
        // A clock that was put back writes where the log is.
        try await world.write(1, at: AuditWorld.january)
        #expect(world.lines("2026-02.jsonl").count == 3)
        let verification = try world.files.verify()
        #expect(verification.defect == nil && verification.lines == 5)
    }

    @Test("two that write at once, in one process or in two, make one chain")
    func together() async throws {
        let world = try AuditWorld()
        let other = try AuditFiles(dataDirectory: world.root)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<40 {
                let files = index.isMultiple(of: 2) ? world.files : other
                group.addTask { try await files.record(AuditWorld.entry(index)) }
            }
            try await group.waitForAll()
        }
        let verification = try world.files.verify()
        #expect(verification.defect == nil && verification.lines == 40)
    }

    @Test("lines are read from a number on, over all months, within bounds")
    func reading() async throws {
        let world = try AuditWorld()
        try await world.write(5)
        try await world.write(5, at: AuditWorld.february)
        #expect(try world.files.lines(from: 4, most: 3, bytes: 1 << 20).map(\.number) == [4, 5, 6])
        #expect(try world.files.lines(from: 9, most: 100, bytes: 1 << 20).map(\.number) == [9, 10])
        #expect(try world.files.lines(from: 11, most: 100, bytes: 1 << 20).isEmpty)
        #expect(try world.files.lines(from: 1, most: 100, bytes: 300).count == 1)
        #expect(try world.files.lastNumber() == 10)
    }

    @Test("what comes from outside cannot begin a line of its own")
    func injection() async throws {
        let world = try AuditWorld()
        let entry = AuditEntry(
            time: AuditWorld.january, actor: .token("t1"), action: "a\nb",
            subject: "x\u{1B}[2J\u{2028}" + String(repeating: "é", count: 600),
            outcome: "\"}\r")
        try await world.files.record(entry)
        #expect(world.lines().count == 1)
        #expect(entry.subject.utf8.count <= AuditEntry.longestText)
        #expect(try world.files.verify().defect == nil)
        #expect(!world.lines()[0].unicodeScalars.contains { $0.value < 0x20 })
    }

    @Test("only the server's user reads it")
    func modes() async throws {
        let world = try AuditWorld()
        try await world.write(1)
        #expect(world.root.status("audit")?.mode == 0o700)
        #expect(world.root.status("audit/2026-01.jsonl")?.mode == 0o600)
    }
}
