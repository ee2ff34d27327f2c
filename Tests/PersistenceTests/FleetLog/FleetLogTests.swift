import DeviceAuth
import FileTree
import Fleet
import Foundation
import Testing
import UpdateTree

@testable import Persistence

@Suite("The fleet's log") struct FleetLogTests {
    private func store(_ scratch: Scratch, segment: Int64 = 1_000, segments: Int = 4) throws -> FileReportStore {
        try FileReportStore(
            root: scratch.root, board: RolloutBoard(), fleetLimits: FleetLogLimits(segment: segment, segments: segments),
            now: { 1_772_366_400 })
    }

    /// Stores an event and waits until its line was announced: a request is answered a moment before.
    private func put(_ entry: EventEntry, of device: DeviceID, in store: FileReportStore) async throws {
        _ = try await store.append([entry], of: device)
        try await store.settle()
    }

    /// Everything behind a position, read in pieces.
    private func read(_ store: FileReportStore, of device: DeviceID? = nil, from: Int64, limit: Int = 300) throws -> TailRun {
        var lines: [(text: String, next: Int64)] = []
        var end = from
        while case let run = try store.lines(of: device, from: end, limit: limit), run.end > end {
            lines += run.lines
            end = run.end
        }
        return TailRun(lines: lines, end: end)
    }

    private func names(_ scratch: Scratch) throws -> [String] { try scratch.root.directory("fleet").names() }

    @Test("an event and its line are there together, once, with the rollout that it counts for")
    func event() async throws {
        let scratch = try Scratch()
        let store = try store(scratch)
        let rollout = RolloutID.make(at: 1)
        for _ in 0..<2 { try await put(try entry("1", rollout: rollout), of: try id("a"), in: store) }
        let run = try read(store, from: 0)
        #expect(
            run.lines.map(\.text) == [
                #"{"device":"a","type":"event","time":"2026-03-01T12:00:00Z","rollout":"\#(rollout)","event":"#
                    + #"{"event":{"correlationId":"43-x","details":""},"eventType":{"id":"EcuDownloadStarted","version":1},"id":"1"}}"#
            ])
        #expect(run.end == Int64(scratch.text("fleet/log-00000000000000000000.jsonl").utf8.count))
        #expect(store.announced == run.end)
    }

    @Test("what operators do is noted in one line each")
    func notes() async throws {
        let scratch = try Scratch()
        let store = try store(scratch)
        let device = try id("a")
        let kinds: [FleetNote.Kind] = [
            .enrolled, .preregistered, .keyPinned, .keyAllowed, .denied, .undenied, .deleted, .assigned(try UpdateName("42")),
            .assigned(nil),
        ]
        try await store.note(kinds.map { FleetNote($0, device) })
        let words = ["enrolled", "preregistered", "key-pinned", "key-allowed", "denied", "undenied", "deleted", "assigned", "assigned"]
        let lines = try read(store, from: 0).lines.map {
            try #require(JSONSerialization.jsonObject(with: Data($0.text.utf8)) as? [String: Any])
        }
        #expect(lines.map { $0["type"] as? String } == words)
        #expect(lines[7]["update"] as? String == "42")
        #expect(lines[8]["update"] is NSNull)
    }

    @Test("segments follow each other without a gap, the oldest leave, and positions only rise, also over starts")
    func rotation() async throws {
        let scratch = try Scratch()
        var store = try store(scratch)
        var ids: [Int64] = []
        for number in 0..<100 {
            if number % 7 == 0 { store = try self.store(scratch) }
            let before = store.announced
            try await put(try entry("\(number)"), of: try id("a"), in: store)
            let run = try read(store, from: before)
            #expect(run.lines.count == 1)
            ids += run.lines.map(\.next)
            #expect(run.end == store.announced)
            #expect(try names(scratch).count <= 4)
        }
        #expect(ids == ids.sorted() && Set(ids).count == 100)
        let oldest = try store.oldest()
        #expect(oldest > 0)
        #expect(try read(store, from: oldest).lines.map(\.next) == ids.filter { $0 > oldest })
        for id in ids { #expect(try id < oldest || store.endsLine(at: id)) }
        #expect(try !store.endsLine(at: ids[99] - 1) && !store.endsLine(at: ids[99] + 1))
        #expect(throws: FleetError.self) { try store.lines(of: nil, from: ids[0], limit: 100) }
    }

    @Test("a reader that slept over many segments goes on where it stood, and one that slept too long is told")
    func sleeper() async throws {
        let scratch = try Scratch()
        let store = try store(scratch, segments: 6)
        try await put(try entry("first"), of: try id("a"), in: store)
        // The reader knows the first segment only.
        let position = try read(store, from: 0).end
        for number in 0..<12 { try await put(try entry("\(number)"), of: try id("a"), in: store) }
        #expect(try names(scratch).count > 2)
        #expect(try read(store, from: position).lines.count == 12)
        // Another one that stands far behind what it knows.
        #expect(try store.lines(of: nil, from: store.announced, limit: 100).end == store.announced)
    }

    @Test("a reader that knows old segments alone finds a position in a new one")
    func staleKnowledge() async throws {
        let scratch = try Scratch()
        let store = try store(scratch, segments: 20)
        try await put(try entry("first"), of: try id("a"), in: store)
        _ = try read(store, from: 0)
        for number in 0..<12 { try await put(try entry("\(number)"), of: try id("a"), in: store) }
        let middle = store.announced
        try await put(try entry("last"), of: try id("a"), in: store)
        #expect(try store.lines(of: nil, from: middle, limit: 4_000).lines.count == 1)
    }

    @Test("a line that is longer than the piece that is read is read whole")
    func longLine() async throws {
        let scratch = try Scratch()
        let store = try store(scratch)
        try await put(try entry("1", details: String(repeating: "x", count: 3_000)), of: try id("a"), in: store)
        #expect(try store.lines(of: nil, from: 0, limit: 10).lines.count == 1)
    }

    @Test("a device's lines are told from those of one whose uuid begins alike")
    func filter() async throws {
        let scratch = try Scratch()
        let store = try store(scratch)
        for (number, name) in ["a", "ab", "b", "a", "ab"].enumerated() {
            try await put(try entry("\(number)"), of: try id(name), in: store)
        }
        let run = try read(store, of: try id("a"), from: 0)
        #expect(run.lines.count == 2)
        #expect(run.lines.allSatisfy { $0.text.hasPrefix(#"{"device":"a","#) })
        #expect(run.end == store.announced)
    }

    @Test("a device's listeners are told where its lines are, and nobody else is")
    func announcements() async throws {
        let scratch = try Scratch()
        let store = try store(scratch)
        let (a, b, all) = (
            store.feed.listen(to: .device(try id("a"))), store.feed.listen(to: .device(try id("b"))), store.feed.listen(to: .fleet)
        )
        try await store.note([FleetNote(.denied, try id("b"))])
        // The groups end in order: behind the second one the first has been told.
        try await store.settle()
        let start = store.announced
        try await store.note([FleetNote(.denied, try id("a")), FleetNote(.undenied, try id("a")), FleetNote(.undenied, try id("c"))])
        try await store.settle()
        try await store.settle()
        let news = a.takeNews()
        #expect(news.spans.count == 1 && news.spans.first?.lowerBound == start && news.spans.first?.upperBound ?? 0 < store.announced)
        let span = try #require(news.spans.first)
        #expect(try store.lines(of: try id("a"), from: start, limit: Int(span.upperBound - start)).lines.count == 2)
        #expect(b.takeNews().spans == [0..<start])
        #expect(all.takeNews().readsOn)
    }

    @Test("lines that were refused by the files and done later are looked for by everybody")
    func failedGroup() async throws {
        let scratch = try Scratch()
        let store = try store(scratch)
        let path = "\(scratch.path)/devices/a/events-43-x"
        _ = try await store.append([try entry("1")], of: try id("a"))
        try await store.settle()
        let (a, b) = (store.feed.listen(to: .device(try id("a"))), store.feed.listen(to: .device(try id("b"))))
        let before = store.announced
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        await #expect(throws: PersistenceError.self) { try await store.append([try entry("2")], of: try id("a")) }
        try FileManager.default.removeItem(atPath: path)
        _ = try await store.append([try entry("1")], of: try id("b"))
        try await store.settle()
        try await store.settle()
        #expect(a.takeNews().readsOn && b.takeNews().readsOn)
        #expect(try read(store, of: try id("a"), from: before).lines.count == 1)
        #expect(try read(store, of: try id("b"), from: before).lines.count == 1)
        #expect(store.announced == (try read(store, from: 0).end))
    }

    @Test("a record that cannot be prepared leaves no gap")
    func refusedRecord() async throws {
        struct Refused: Error {}
        let scratch = try Scratch()
        let store = try store(scratch)
        let device = try id("a")
        try await store.note([FleetNote(.denied, device)])
        let (folder, limits) = (store.fleetFolder, store.fleetLimits)
        let refusal: @Sendable (inout FileKnowledge, Directory) throws -> [JournalRecord.Change] = { knowledge, _ in
            _ = try knowledge.appendToFleetLog([(device, Array("lost\n".utf8))], in: folder, limits: limits)
            throw Refused()
        }
        await #expect(throws: Refused.self) { try await store.write(refusal) }
        try await store.note([FleetNote(.undenied, try id("a"))])
        #expect(try read(store, from: 0).lines.map { $0.text.contains("denied") } == [true, true])
        #expect(!scratch.text("fleet/log-00000000000000000000.jsonl").contains("\0"))
    }

    @Test("killed at any byte of the journal, over segments that come and go, the log is whole, in order and without doubles")
    func crash() async throws {
        let scratch = try Scratch()
        let store = try store(scratch, segment: 300, segments: 3)
        let empty = try Scratch(copying: scratch)
        var states: [(length: Int, copy: Scratch, files: [String: [UInt8]])] = [(0, empty, try scratch.everything())]
        for number in 0..<14 {
            _ = try await store.append([try entry("\(number)"), try entry("\(number)b")], of: try id(number % 3 == 0 ? "a" : "b"))
            states.append((scratch.bytes("journal.log").count, try Scratch(copying: scratch), try scratch.everything()))
        }
        let log = scratch.bytes("journal.log")
        for length in stride(from: 0, through: log.count, by: 101) {
            guard let whole = states.last(where: { $0.length <= length }) else { continue }
            // The files may be as old as the last empty journal, or as new as the log.
            for old in [empty, whole.copy] {
                let copy = try Scratch(copying: old)
                try copy.put(log[..<length], at: "journal.log")
                let again = try self.store(copy, segment: 300, segments: 3)
                #expect(try copy.everything() == whole.files, "torn at \(length)")
                #expect(try read(again, from: again.oldest()).end == again.announced)
            }
        }
    }
}
