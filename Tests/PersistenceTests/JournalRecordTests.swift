import FileTree
import Testing

@testable import Persistence

@Suite struct JournalRecordTests {
    static let records: [JournalRecord] = [
        JournalRecord(changes: [.write(path: "devices/a/events-1", offset: 0, bytes: Array("one\n".utf8))]),
        JournalRecord(changes: [
            .write(path: "devices/a/events-1", offset: 4, bytes: Array("two\n".utf8)),
            .write(path: "rollouts/r/events", offset: 0, bytes: Array("line\n".utf8)),
        ]),
        JournalRecord(changes: [.replace(path: "devices/a/hardware-info", bytes: Array(repeating: 7, count: 300))]),
        JournalRecord(changes: [.replace(path: "devices/b/aktoml", bytes: []), .remove(path: "devices/a/events-1")]),
        JournalRecord(changes: [.replace(path: "devices/a/hardware-info", bytes: [1]), .remove(path: "devices/none")]),
        JournalRecord(changes: [.remove(path: "devices/b")]),
    ]

    private func replayed(_ log: [UInt8]) throws -> [String: [UInt8]] {
        let scratch = try Scratch()
        try scratch.put(log, at: "journal.log")
        try JournalReplay(root: scratch.root).run(try scratch.root.openFile("journal.log"))
        return try scratch.everything()
    }

    @Test("a log that was torn at any byte does its whole records and nothing of the half one")
    func torn() throws {
        var log: [UInt8] = []
        var states: [(length: Int, files: [String: [UInt8]])] = [(0, [:])]
        for record in Self.records {
            log += try record.encoded()
            states.append((log.count, try replayed(log)))
        }
        #expect(states.last?.files == ["devices/a/hardware-info": [1], "rollouts/r/events": Array("line\n".utf8)])
        for length in 0...log.count {
            let whole = states.last { $0.length <= length }
            #expect(try replayed(Array(log[..<length])) == whole?.files, "torn at \(length)")
        }
    }

    @Test("behind a damaged byte nothing is done", arguments: [0, 3, 4, 11, 12, 30])
    func damaged(offset: Int) throws {
        let first = try Self.records[0].encoded()
        var log = first
        for record in Self.records.dropFirst() { log += try record.encoded() }
        log[first.count + offset] ^= 0x40
        #expect(try replayed(log) == replayed(first))
    }

    @Test("zeros that a crash left behind the last record are no record")
    func zeros() throws {
        let log = try Self.records[0].encoded()
        #expect(try replayed(log + [UInt8](repeating: 0, count: 5000)) == replayed(log))
    }

    @Test("a log that is done twice leaves what it left the first time")
    func twice() throws {
        let scratch = try Scratch()
        var log: [UInt8] = []
        for record in Self.records.dropLast() { log += try record.encoded() }
        try scratch.put(log, at: "journal.log")
        let file = try scratch.root.openFile("journal.log")
        try JournalReplay(root: scratch.root).run(file)
        let once = try scratch.everything()
        try JournalReplay(root: scratch.root).run(file)
        #expect(try scratch.everything() == once)
    }

    @Test("a record that is longer than what is read back is not written")
    func tooLong() {
        let record = JournalRecord(changes: [.replace(path: "x", bytes: [UInt8](repeating: 0, count: JournalRecord.longest))])
        #expect(throws: PersistenceError.self) { try record.encoded() }
    }

    @Test("records are read back as they were written", arguments: records)
    func roundTrip(record: JournalRecord) throws {
        var position = 0
        let bytes = try record.encoded()
        #expect(JournalRecord(bytes, at: &position) == record)
        #expect(position == bytes.count)
    }
}
