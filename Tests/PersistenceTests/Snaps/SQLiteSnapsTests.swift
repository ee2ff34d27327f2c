import DeviceAuth
import Fleet
import FleetTesting
import Foundation
import GRDB
import Snaps
import Synchronization
import Testing
import UpdateTree

@testable import Persistence

@Suite("Snaps in the database")
struct SQLiteSnapsTests {
    private func open(_ scratch: Scratch) throws -> (database: Persistence.Database, snaps: SQLiteSnaps) {
        let database = try Persistence.Database.open(dataDirectory: scratch.path)
        return (database, SQLiteSnaps(database))
    }

    @Test("The contract of a repository of snaps holds", arguments: SnapRepositoryContract.all)
    func contract(_ sentence: SnapRepositoryContract) async throws {
        let scratch = try Scratch()
        let path = scratch.path
        try await sentence.run { SQLiteSnaps(try Persistence.Database.open(dataDirectory: path)) }
    }

    /// Counts what was committed.
    private final class Commits: TransactionObserver, Sendable {
        let count = Atomic(0)
        func observes(eventsOfKind eventKind: DatabaseEventKind) -> Bool { true }
        func databaseDidChange(with event: DatabaseEvent) {}
        func databaseDidCommit(_ db: GRDB.Database) { count.add(1, ordering: .relaxed) }
        func databaseDidRollback(_ db: GRDB.Database) {}
    }

    private final class Starts: Sendable { let count = Atomic(0) }

    @Test("500 devices that publish their lists at once cost a few transactions, not 500")
    func grouped() async throws {
        let scratch = try Scratch()
        let (database, snaps) = try open(scratch)
        let commits = Commits()
        database.queue.add(transactionObserver: commits)
        let list = try SnapRepositoryContract.list((0..<30).map { "snap-\($0)" }, hashes: "h")
        // Somebody else's transaction, so that all of them wait before the first is begun.
        let (held, hold) = AsyncStream.makeStream(of: Void.self)
        let isFree = DispatchSemaphore(value: 0)
        let holder = Task.detached {
            try await database.queue.writeWithoutTransaction { _ in
                hold.finish()
                isFree.wait()
            }
        }
        for await _ in held {}
        let started = Starts()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<500 {
                group.addTask {
                    if started.count.add(1, ordering: .relaxed).newValue == 500 { isFree.signal() }
                    try await snaps.replaceList(of: id("d\(number)"), with: list, at: 5)
                }
            }
            try await group.waitForAll()
        }
        try await holder.value
        #expect((1...20).contains(commits.count.load(ordering: .relaxed)), "\(commits.count.load(ordering: .relaxed)) transactions")
        #expect(try open(scratch).snaps.loadDevices().count == 500)
    }

    @Test("on a full disk a list is refused whole: the snaps and hashes from before stay together")
    func full() async throws {
        let scratch = try Scratch()
        let (database, snaps) = try open(scratch)
        let before = try SnapRepositoryContract.list(["a"], hashes: "before")
        try await snaps.replaceList(of: id("d"), with: before, at: 1)
        let records = try snaps.loadDevices()
        try await database.queue.writeWithoutTransaction { db in
            let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
            try db.execute(sql: "PRAGMA max_page_count = \(pages)")
        }
        let large = try SnapRepositoryContract.list((0..<900).map { "snap-\($0)" }, hashes: "after")
        await #expect { try await snaps.replaceList(of: id("d"), with: large, at: 2) } throws: {
            ($0 as? Persistence.PersistenceError)?.code == .storageFull
        }
        #expect(try open(scratch).snaps.loadDevices() == records)
        #expect(try await snaps.list(of: id("d")) == StoredSnapList(list: before, receivedAt: 1))
        try await database.queue.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA max_page_count = 1000000") }
        try await snaps.replaceList(of: id("d"), with: large, at: 2)
        #expect(try await open(scratch).snaps.list(of: id("d"))?.list == large)
    }

    @Test("a hash that the database refuses takes its list with it, and no neighbour")
    func allOrNothing() async throws {
        let scratch = try Scratch()
        let (database, snaps) = try open(scratch)
        try await database.queue.write { db in
            try db.execute(
                sql: """
                    CREATE TRIGGER refuse BEFORE INSERT ON heartbeat_hashes WHEN NEW.device = 'd3'
                    BEGIN SELECT RAISE(ABORT, 'refused'); END
                    """)
        }
        let list = try SnapRepositoryContract.list(["a"], hashes: "h")
        let failed = await withTaskGroup(of: Int?.self) { group in
            for number in 0..<8 {
                group.addTask { (try? await snaps.replaceList(of: id("d\(number)"), with: list, at: 1)) == nil ? number : nil }
            }
            return await group.reduce(into: [Int]()) { failed, number in if let number { failed.append(number) } }
        }
        #expect(failed == [3])
        #expect(try Set(snaps.loadDevices().map(\.device.text)) == Set((0..<8).filter { $0 != 3 }.map { "d\($0)" }))
        #expect(try await snaps.list(of: id("d3")) == nil)
    }

    @Test("a process that is killed has lost no list that it acknowledged, and none is there in part", arguments: [1, 60])
    func killed(acknowledgements: Int) async throws {
        let scratch = try Scratch()
        let path = scratch.path
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, acknowledgements = acknowledgements as Int] in
            let snaps = SQLiteSnaps(try Persistence.Database.open(dataDirectory: path))
            let count = Counter(killAfter: acknowledgements)
            let record = Foundation.open("\(path)/acknowledged", O_WRONLY | O_CREAT | O_APPEND, 0o600)
            await withTaskGroup(of: Void.self) { group in
                for device in 0..<8 {
                    group.addTask {
                        for number in 0..<1_000 {
                            guard let list = try? SnapRepositoryContract.list(["n\(number)"], hashes: "\(number)"),
                                (try? await snaps.replaceList(of: id("d\(device)"), with: list, at: Int64(number))) != nil
                            else { return }
                            let line = Array("d\(device) \(number)\n".utf8)
                            _ = write(record, line, line.count)
                            count.next()
                        }
                    }
                }
            }
        }
        let records = try open(scratch).snaps.loadDevices()
        let acknowledged = scratch.text("acknowledged").split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        #expect(acknowledged.count >= acknowledgements)
        for record in records {
            let stored = try #require(try await open(scratch).snaps.list(of: record.device))
            #expect(stored.list.hashes == record.hashes && stored.list.names == record.names)
            #expect(record.hashes?.list == "\(stored.receivedAt)-list")
        }
        for pair in acknowledged {
            let number = try #require(Int(pair[1]))
            let name = try #require(records.first { $0.device.text == pair[0] }?.names?.first?.text)
            #expect(try #require(Int(name.dropFirst())) >= number, "\(pair)")
        }
    }

    @Test("with a device all of its snaps go, and what was on its way comes too late")
    func deleted() async throws {
        let scratch = try Scratch()
        let (database, snaps) = try open(scratch)
        let devices = SQLiteDevices(database)
        try await devices.add([try state("a"), try state("b")], publicKeyPEM: nil)
        let list = try SnapRepositoryContract.list(["s"], hashes: "h")
        let order = { name throws in
            SnapOrder(device: try id(name), action: .list, snap: nil, data: nil, by: "x", createdAt: 1, request: SentRequest(id: "1"))
        }
        let fill = {
            for name in ["a", "b"] {
                let record = SnapDeviceRecord(
                    device: try id(name), architecture: "amd64",
                    required: RequiredInstall(request: SentRequest(id: "r"), missing: [try SnapName("s")], since: 1, changedAt: 1))
                try await snaps.save([record], sent: [])
                try await snaps.replaceList(of: id(name), with: list, at: 1)
                try await snaps.add(order(name))
            }
        }
        try await fill()
        try await devices.markDeleted([try id("a")])
        for round in 1...2 {
            for table in SnapTables.ofDevices {
                let left = try await database.queue.read { try String.fetchAll($0, sql: "SELECT device FROM \(table)") }
                #expect(left == ["b"], "\(table), round \(round)")
            }
            try await fill()
        }
        try await devices.restore([try id("a")])
        try await snaps.replaceList(of: id("a"), with: list, at: 2)
        #expect(try snaps.loadDevices().count == 2)
    }

    @Test("models, requirements and hashes have the columns that the requirement names")
    func columns() async throws {
        let scratch = try Scratch()
        let (database, _) = try open(scratch)
        let columns = { (table: String) in
            try database.queue.read { db in
                try Row.fetchAll(db, sql: "PRAGMA table_info(\(table))").map { $0["name"] as String }
            }
        }
        #expect(try columns("models") == ["id", "name"])
        #expect(try columns("required_snaps").prefix(2) == ["model_id", "name"])
        #expect(try columns("heartbeat_hashes") == ["device", "snapListHash", "installedSnapsHash"])
        #expect(throws: (any Error).self) {
            try database.queue.write { db in try db.execute(sql: "INSERT INTO required_snaps (model_id, name) VALUES (99, 'a')") }
        }
    }

    @Test("a database from before the snaps is brought up to date and keeps its devices")
    func migration() throws {
        let scratch = try Scratch()
        let old = try DatabaseQueue(path: "\(scratch.path)/db.sqlite")
        try Migrations.all.migrate(old, upTo: "4 contact hours")
        try old.write { db in try db.execute(sql: "INSERT INTO devices (uuid) VALUES ('a')") }
        try old.close()
        let (database, snaps) = try open(scratch)
        #expect(try SQLiteDevices(database).loadAll().map(\.state.id.text) == ["a"])
        #expect(try snaps.loadDevices().isEmpty)
    }

    @Test("what was spoiled by hand is told with a remedy", arguments: ["reported_model = 'm'", "assigned_model = '-'"])
    func spoiled(assignment: String) async throws {
        let scratch = try Scratch()
        let (database, snaps) = try open(scratch)
        try await snaps.replaceList(of: id("d"), with: SnapRepositoryContract.list(["s"]), at: 1)
        try await database.queue.write { db in
            try db.execute(sql: "UPDATE snap_devices SET \(assignment)")
            try db.execute(sql: "UPDATE snap_lists SET list = '{'")
        }
        #expect(throws: (any Error).self) { try snaps.loadDevices() }
        await #expect { try await snaps.list(of: id("d")) } throws: { ($0 as? Persistence.PersistenceError)?.code == .corrupt }
    }
}
