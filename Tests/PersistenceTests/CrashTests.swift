import FileTree
import Fleet
import Foundation
import Testing

@testable import Persistence

@Suite struct CrashTests {
    private static let rollout = RolloutID.make(at: 1)

    /// Requests of all kinds, one after the other.
    private static let requests: [@Sendable (FileReportStore) async throws -> Void] = [
        { _ = try await $0.append([try entry("1", rollout: rollout), try entry("2", rollout: rollout)], of: try id("a")) },
        {
            _ = try await $0.append(
                [try entry("2", rollout: rollout), try entry("3", correlation: "other", rollout: rollout)], of: try id("a"))
        },
        { try await $0.replace(.hardwareInfo, of: try id("a"), with: Array(repeating: 65, count: 500)) },
        { try await $0.append([RolloutEntry(rollout, [.seen(try id("b"))])]) },
        { try await $0.addAppsState([1, 2, 3], of: try id("b"), at: 1_000) },
        { _ = try await $0.append([try entry("1", rollout: rollout)], of: try id("b")) },
        { try await $0.replace(.hardwareInfo, of: try id("a"), with: [66]) },
        { try await $0.putTest([1], of: try id("b"), test: try #require(TestID("t")), name: .record) },
        { try await $0.removeAll(of: try id("a")) },
        { _ = try await $0.append([try entry("1", rollout: rollout)], of: try id("a")) },
    ]

    @Test("killed between the log and the files, everything acknowledged is there after opening again, and nothing twice")
    func betweenLogAndFiles() async throws {
        let scratch = try Scratch()
        let store = try FileReportStore(root: scratch.root, board: RolloutBoard(), now: { 1_000 })
        var copies = [try Scratch(copying: scratch)]
        var files = [try scratch.everything()]
        for request in Self.requests {
            try await request(store)
            copies.append(try Scratch(copying: scratch))
            files.append(try scratch.everything())
        }
        let log = scratch.bytes("journal.log")
        #expect(!log.isEmpty)
        // The files of any earlier moment, and the log of the last one.
        for (index, copy) in copies.enumerated() {
            try copy.put(log, at: "journal.log")
            _ = try FileReportStore(root: copy.root, board: RolloutBoard(), now: { 1_000 })
            #expect(try copy.everything() == files.last, "the files of request \(index)")
            #expect(copy.bytes("journal.log").isEmpty)
        }
    }

    @Test("killed while the log was written, a request is done wholly or not at all")
    func whileLogIsWritten() async throws {
        let scratch = try Scratch()
        let store = try FileReportStore(root: scratch.root, board: RolloutBoard(), now: { 1_000 })
        let empty = try Scratch(copying: scratch)
        var states: [(length: Int, files: [String: [UInt8]])] = [(0, try scratch.everything())]
        for request in Self.requests {
            try await request(store)
            states.append((scratch.bytes("journal.log").count, try scratch.everything()))
        }
        let log = scratch.bytes("journal.log")
        for length in stride(from: 0, through: log.count, by: 7) {
            let copy = try Scratch(copying: empty)
            try copy.put(log[..<length], at: "journal.log")
            try JournalReplay(root: copy.root).run(try copy.root.openFile("journal.log"))
            #expect(try copy.everything() == states.last { $0.length <= length }?.files, "torn at \(length)")
        }
    }

    @Test("when the log has grown it begins anew and nothing is lost")
    func checkpoint() async throws {
        let scratch = try Scratch()
        let journal = try Journal(root: scratch.root, limit: 1_000, reset: {}, groupEnded: {})
        for number in UInt8(0)..<60 {
            try await journal.write {
                JournalRecord(changes: [
                    .write(path: "devices/a/file", offset: Int64(number) * 50, bytes: .init(repeating: number, count: 50))
                ])
            }
            #expect(scratch.bytes("journal.log").count <= 1_200)
        }
        let expected = (UInt8(0)..<60).flatMap { [UInt8](repeating: $0, count: 50) }
        #expect(scratch.bytes("devices/a/file") == expected)
        _ = try Journal(root: scratch.root, reset: {}, groupEnded: {})
        #expect(scratch.bytes("devices/a/file") == expected)
    }

    @Test("a change that the files refuse keeps everybody waiting until it is done, and is then there once")
    func filesRefuse() async throws {
        let scratch = try Scratch()
        let store = try FileReportStore(root: scratch.root, board: RolloutBoard(), now: { 1_000 })
        let path = "\(scratch.path)/devices/a/events-43-x"
        _ = try await store.append([try entry("1", rollout: Self.rollout)], of: try id("a"))
        // A directory in the place of the file: writes fail.
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        await #expect(throws: PersistenceError.self) { try await store.append([try entry("2", rollout: Self.rollout)], of: try id("a")) }
        await #expect(throws: PersistenceError.self) { try await store.append([try entry("1", rollout: Self.rollout)], of: try id("b")) }
        try FileManager.default.removeItem(atPath: path)
        // The client sends again what was refused.
        for number in ["2", "3"] { _ = try await store.append([try entry(number, rollout: Self.rollout)], of: try id("a")) }
        _ = try await store.append([try entry("1", rollout: Self.rollout)], of: try id("b"))
        #expect(try eventIDs(scratch.text("devices/a/events-43-x")) == ["1", "2", "3"])
        let lines = ["1", "2", "3", "1"].map { "DEVICE_STATUS: device Line\($0)" }
        #expect(scratch.rolloutLines(Self.rollout) == lines)
        _ = try FileReportStore(root: scratch.root, board: RolloutBoard(), now: { 1_000 })
        #expect(scratch.rolloutLines(Self.rollout) == lines)
    }

    @Test("a process that is killed for real has lost nothing it acknowledged, and holds nothing twice", arguments: [1, 7, 40, 150])
    func killed(acknowledgements: Int) async throws {
        let scratch = try Scratch()
        let path = scratch.path
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, acknowledgements = acknowledgements as Int] in
            let store = try FileReportStore(root: try Directory(path: path), board: RolloutBoard(), now: { 1_000 })
            let count = Counter(killAfter: acknowledgements)
            let record = open("\(path)/acknowledged", O_WRONLY | O_CREAT | O_APPEND, 0o600)
            await withTaskGroup(of: Void.self) { group in
                for device in 0..<8 {
                    group.addTask {
                        for number in 0..<1_000 {
                            guard
                                (try? await store.append(
                                    [try entry("\(number)", correlation: "c\(number / 100)")], of: try id("d\(device)"))) != nil
                            else { return }
                            // One write: it outlives the process whole or not at all.
                            let line = Array("d\(device) \(number)\n".utf8)
                            _ = write(record, line, line.count)
                            count.next()
                        }
                    }
                }
            }
        }
        let store = try FileReportStore(root: scratch.root, board: RolloutBoard(), now: { 1_000 })
        _ = store
        var found: [String: [String]] = [:]
        for (name, bytes) in try scratch.everything() where name.hasPrefix("devices/") {
            found[String(name.split(separator: "/")[1]), default: []] += try eventIDs(String(decoding: bytes, as: UTF8.self))
        }
        let acknowledged = scratch.text("acknowledged").split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        #expect(acknowledged.count >= acknowledgements)
        for pair in acknowledged { #expect(found[pair[0]]?.contains(pair[1]) == true, "\(pair)") }
        for ids in found.values { #expect(Set(ids).count == ids.count) }
    }

    @Test("on a full disk a report is refused, nothing of it is there, and it goes on when there is space")
    func full() async throws {
        let scratch = try Scratch()
        let path = scratch.path
        await #expect(processExitsWith: .success) { [path = path as String] in
            // A limit of the process stands in for the disk: writes fail the same way.
            signal(SIGXFSZ, SIG_IGN)
            let store = try FileReportStore(root: try Directory(path: path), board: RolloutBoard(), now: { 1_000 })
            var limit = rlimit()
            getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            limit.rlim_cur = 20_000
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            var refused: [String] = []
            for number in 0..<100 {
                do {
                    _ = try await store.append([try entry("\(number)", details: String(repeating: "x", count: 500))], of: try id("a"))
                    if !refused.isEmpty { exit(2) }
                } catch {
                    refused.append("\(number)")
                }
            }
            guard refused.count > 10, refused.count < 90 else { exit(3) }
            limit.rlim_cur = limit.rlim_max
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            for number in refused.prefix(5) { _ = try await store.append([try entry(number)], of: try id("a")) }
        }
        let before = try eventIDs(scratch.text("devices/a/events-43-x"))
        // The log alone holds all that was acknowledged: what was refused left no gap in it.
        let fresh = try Scratch()
        try fresh.put(scratch.bytes("journal.log"), at: "journal.log")
        try JournalReplay(root: fresh.root).run(try fresh.root.openFile("journal.log"))
        #expect(try fresh.everything() == scratch.everything())
        _ = try FileReportStore(root: scratch.root, board: RolloutBoard(), now: { 1_000 })
        let ids = try eventIDs(scratch.text("devices/a/events-43-x"))
        #expect(ids == before)
        #expect(ids == (0..<ids.count).map { "\($0)" })
        #expect(ids.count > 10 && ids.count < 95)
    }
}
