import DeviceAuth
import Fleet
import Foundation
import GRDB
import Testing
import UpdateTree

@testable import Persistence

@Suite struct SQLiteDevicesTests {
    private func open(_ scratch: Scratch) throws -> (Persistence.Database, SQLiteDevices) {
        let database = try Persistence.Database.open(dataDirectory: scratch.path)
        return (database, SQLiteDevices(database))
    }

    /// What a fresh process would load.
    private func reloaded(_ scratch: Scratch) throws -> [DeviceID: DeviceState] {
        Dictionary(uniqueKeysWithValues: try open(scratch).1.loadAll().map { ($0.state.id, $0.state) })
    }

    /// Every write of the contract, and what it must do to the device.
    static let writes:
        [(
            name: String, run: @Sendable (SQLiteDevices, DeviceID) async throws -> Void,
            change: @Sendable (inout DeviceState) throws -> Void
        )] = [
            (
                "pin", { try await $0.pin(try KeyFingerprint(hex: String(repeating: "b", count: 64)), publicKeyPEM: "B", of: $1) },
                {
                    $0.key = try KeyFingerprint(hex: String(repeating: "b", count: 64)); $0.allowsNewKey = false
                }
            ),
            ("allow a new key", { try await $0.allowNewKey(of: $1) }, { $0.allowsNewKey = true }),
            ("deny", { try await $0.setDenied(true, of: [$1]) }, { $0.isDenied = true }),
            ("assign", { try await $0.assign(try UpdateName("43"), to: [$1]) }, { $0.updateName = try UpdateName("43") }),
            ("assign none", { try await $0.assign(nil, to: [$1]) }, { $0.updateName = nil }),
            (
                "delete", { try await $0.markDeleted([$1]) },
                { $0 = DeviceState(id: $0.id, isDeleted: true, channel: $0.channel, createdAt: $0.createdAt) }
            ),
            (
                "attributes",
                {
                    var state = try state($1.text)
                    state.name = try DeviceName("a name, \"quoted\" ü")
                    state.group = try GroupName("lab")
                    state.labels = try Labels(["site": "oslo", "note": "a\\\"/'é"])
                    try await $0.setAttributes([state])
                },
                {
                    $0.name = try DeviceName("a name, \"quoted\" ü")
                    $0.group = try GroupName("lab")
                    $0.labels = try Labels(["site": "oslo", "note": "a\\\"/'é"])
                }
            ),
            ("restore", { try await $0.restore([$1]) }, { _ in }),
            ("add again", { try await $0.add([try state($1.text, tag: "other")], publicKeyPEM: "other") }, { _ in }),
        ]

    @Test("what was written is loaded after opening again, and no other device has changed", arguments: writes.indices)
    func reopen(index: Int) async throws {
        let scratch = try Scratch()
        let (_, devices) = try open(scratch)
        try await devices.add([try state("a"), try state("b", tag: nil)], publicKeyPEM: "PEM")
        try await devices.allowNewKey(of: try id("a"))
        try await devices.assign(try UpdateName("1"), to: [try id("a")])
        var expected = try reloaded(scratch)
        #expect(try expected[id("b")] == state("b", tag: nil))
        let (_, run, change) = Self.writes[index]
        try await run(devices, try id("a"))
        try change(&expected[id("a")]!)
        #expect(try reloaded(scratch) == expected)
    }

    @Test("a check-in is loaded after opening again: with all that the device said, or with nothing", arguments: [true, false])
    func checkIn(isFull: Bool) async throws {
        let scratch = try Scratch()
        let (_, devices) = try open(scratch)
        var state = try state("a", tag: nil)
        try await devices.add([state], publicKeyPEM: "PEM")
        if isFull {
            state.channel = .prod
            state.tag = try UpdateTree.Tag("devel")
            state.targetName = "t"
            state.ostreeHash = "h"
            state.apps = ["a", "b\"'", "ü"]
            state.hardwareID = "intel-corei7-64"
            state.status = .failed
        }
        let entry = DeviceEntry(state, lastSeen: 77)
        try await devices.save([entry.dequeue()])
        let loaded = try #require(try open(scratch).1.loadAll().first)
        #expect(loaded.state == state && loaded.lastSeen == 77)
    }

    @Test("a deleted device stays deleted: no check-in, no assignment brings anything back, and restoring brings the bare device")
    func deleted() async throws {
        let scratch = try Scratch()
        let (_, devices) = try open(scratch)
        let device = try id("a")
        try await devices.add([try state("a"), try state("b")], publicKeyPEM: "PEM")
        var described = try state("a")
        described.name = try DeviceName("n")
        described.group = try GroupName("g")
        described.labels = try Labels(["k": "v"])
        described.status = .failed
        described.hardwareID = "h"
        try await devices.setAttributes([described])
        try await devices.save([DeviceEntry(described, lastSeen: 98).dequeue()])
        try await devices.markDeleted([device])
        try await devices.setAttributes([described])
        try await devices.save([DeviceEntry(described, lastSeen: 99).dequeue()])
        try await devices.assign(try UpdateName("43"), to: [device, try id("b")])
        let bare = DeviceState(id: device, isDeleted: true, channel: .ci, createdAt: 100)
        #expect(try reloaded(scratch)[device] == bare)
        #expect(try await devices.publicKeyPEM(of: device) == nil)
        try await devices.restore([device])
        #expect(try reloaded(scratch)[device] == DeviceState(id: device, channel: .ci, createdAt: 100))
    }

    @Test("an assignment that fails for one device is done to none, and its neighbours in the same commit are not harmed")
    func allOrNothing() async throws {
        let scratch = try Scratch()
        let (database, devices) = try open(scratch)
        let names = (0..<40).map { "d\($0)" }
        try await devices.add(try names.map { try state($0) }, publicKeyPEM: nil)
        try await database.queue.write { db in
            try db.execute(
                sql: "CREATE TRIGGER refuse BEFORE UPDATE ON devices WHEN NEW.uuid = 'd30' BEGIN SELECT RAISE(ABORT, 'refused'); END")
        }
        let ids = try names.map { try id($0) }
        let failed = await withTaskGroup(of: String?.self) { group in
            group.addTask { (try? await devices.assign(try UpdateName("all"), to: ids)) == nil ? "all" : nil }
            for device in ids.prefix(30) {
                group.addTask { (try? await devices.setDenied(true, of: [device])) == nil ? device.text : nil }
            }
            return await group.reduce(into: [String]()) { failed, name in if let name { failed.append(name) } }
        }
        #expect(failed == ["all"])
        let loaded = try reloaded(scratch)
        #expect(loaded.values.allSatisfy { $0.updateName == nil })
        #expect(loaded.values.count { $0.isDenied } == 30)
    }

    @Test("on a full disk every write that waited fails, nothing of them is there, and it goes on when there is space")
    func full() async throws {
        let scratch = try Scratch()
        let (database, devices) = try open(scratch)
        try await devices.add([try state("a")], publicKeyPEM: nil)
        let before = try reloaded(scratch)
        try await database.queue.writeWithoutTransaction { db in
            let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
            try db.execute(sql: "PRAGMA max_page_count = \(pages)")
        }
        let reported = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<20 {
                group.addTask {
                    let many = (0..<200).map { "n\(number)-\($0)" }
                    do {
                        try await devices.add(try many.map { try state($0) }, publicKeyPEM: String(repeating: "x", count: 500))
                        return false
                    } catch {
                        return (error as? Persistence.PersistenceError)?.code == .storageFull
                    }
                }
            }
            return await group.allSatisfy { $0 }
        }
        #expect(reported)
        #expect(try reloaded(scratch) == before)
        try await database.queue.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA max_page_count = 1000000") }
        try await devices.add([try state("b")], publicKeyPEM: nil)
        #expect(try reloaded(scratch).count == 2)
    }

    @Test("writes by many tasks are all there afterwards")
    func concurrency() async throws {
        let scratch = try Scratch()
        let (_, devices) = try open(scratch)
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<200 {
                group.addTask {
                    await #expect(throws: Never.self) {
                        try await devices.add([try state("d\(number)")], publicKeyPEM: "PEM")
                        try await devices.assign(try UpdateName("u\(number)"), to: [try id("d\(number)")])
                    }
                }
            }
        }
        let loaded = try reloaded(scratch)
        #expect(loaded.count == 200)
        #expect(loaded.allSatisfy { $0.value.updateName?.text == "u\($0.key.text.dropFirst())" })
    }

    @Test("of two that add the same device the first one's key is kept")
    func firstWins() async throws {
        let scratch = try Scratch()
        let (_, devices) = try open(scratch)
        try await devices.add([try state("a")], publicKeyPEM: "first")
        var other = try state("a")
        other.key = try KeyFingerprint(hex: String(repeating: "c", count: 64))
        try await devices.add([other], publicKeyPEM: "second")
        #expect(try reloaded(scratch)[id("a")] == state("a"))
        #expect(try await devices.publicKeyPEM(of: try id("a")) == "first")
    }

    private func registration(_ name: String) throws -> Registration {
        Registration(
            id: try id(name), subject: "CN=\(name), OU=x", key: try KeyFingerprint(hex: String(repeating: "b", count: 64)),
            publicKeyPEM: "PEM \(name)", channel: .prod, tag: try UpdateTree.Tag("main"), firstTry: 5, lastTry: 6)
    }

    @Test("a registration is kept until it is accepted, and becomes the device with its key")
    func registrations() async throws {
        let scratch = try Scratch()
        let (_, devices) = try open(scratch)
        var rejected = try registration("r")
        try await devices.save([try registration("a"), rejected, try registration("gone")])
        rejected.isRejected = true
        rejected.lastTry = 9
        try await devices.save([rejected])
        try await devices.removeRegistrations([try id("gone")])
        #expect(try open(scratch).1.loadRegistrations().sorted { $0.id < $1.id } == [try registration("a"), rejected])
        try await devices.accept([try registration("a")], at: 100)
        #expect(try open(scratch).1.loadRegistrations() == [rejected])
        let loaded = try #require(try open(scratch).1.loadAll().first)
        #expect(try loaded.state == registration("a").device(at: 100))
        #expect(loaded.lastSeen == 6)
        #expect(try await devices.publicKeyPEM(of: try id("a")) == "PEM a")
        try await devices.add([try state("r")], publicKeyPEM: nil)
        #expect(try open(scratch).1.loadRegistrations().isEmpty)
    }

    @Test("whether the server stopped in order is remembered, and a new database has not")
    func stopMark() async throws {
        let scratch = try Scratch()
        let mark = SQLiteStopMark(try open(scratch).0)
        #expect(try !mark.isStopped())
        try await mark.set(isStopped: true)
        #expect(try SQLiteStopMark(open(scratch).0).isStopped())
        try await mark.set(isStopped: false)
        #expect(try !SQLiteStopMark(open(scratch).0).isStopped())
    }

    @Test("the table begins with exactly the columns of the requirement")
    func columns() async throws {
        let scratch = try Scratch()
        let (database, _) = try open(scratch)
        let columns = try await database.queue.read { db in
            try Row.fetchAll(db, sql: "PRAGMA table_info(devices)").map { "\($0["name"] as String) \($0["type"] as String)" }
        }
        #expect(
            columns.prefix(11) == [
                "uuid VARCHAR(48)", "pubkey TEXT", "deleted BOOL", "is_prod BOOL", "created_at INT", "last_seen INT", "tag VARCHAR(80)",
                "update_name VARCHAR(80)", "target_name VARCHAR(80)", "ostree_hash VARCHAR(80)", "apps JSON",
            ])
    }

    @Test("a row that knows no more than its uuid is loaded")
    func bareRow() async throws {
        let scratch = try Scratch()
        let (database, devices) = try open(scratch)
        try await database.queue.write { db in try db.execute(sql: "INSERT INTO devices (uuid) VALUES ('a')") }
        #expect(try devices.loadAll().map(\.state) == [DeviceState(id: try id("a"), channel: .ci, createdAt: 0)])
    }

    @Test("a database of an earlier step is brought up to date and keeps its devices")
    func migration() async throws {
        let scratch = try Scratch()
        let old = try DatabaseQueue(path: "\(scratch.path)/db.sqlite")
        try Migrations.all.migrate(old, upTo: "1 devices")
        try await old.write { db in try db.execute(sql: "INSERT INTO devices (uuid, is_prod, tag, apps) VALUES ('a', 1, 'main', '[\"x\"]')")
        }
        try old.close()
        let (database, devices) = try open(scratch)
        let loaded = try #require(try devices.loadAll().first)
        #expect(loaded.state.channel == .prod && loaded.state.tag?.text == "main" && loaded.state.apps == ["x"])
        #expect(try await SQLiteTokens(database).list() == [])
    }

    @Test("a file that is no database is refused with a remedy")
    func noDatabase() throws {
        let scratch = try Scratch()
        try scratch.put(Array("this is no database, but it is long enough to be looked at as one.".utf8), at: "db.sqlite")
        #expect { try Persistence.Database.open(dataDirectory: scratch.path) } throws: {
            ($0 as? Persistence.PersistenceError)?.code == .storage
                && ($0 as? Persistence.PersistenceError)?.message.contains("backup") == true
        }
    }

    @Test("a commit has reached the disk before it is acknowledged")
    func synchronous() async throws {
        let scratch = try Scratch()
        let (database, _) = try open(scratch)
        let (mode, level) = try await database.queue.read { db in
            (try String.fetchOne(db, sql: "PRAGMA journal_mode"), try Int.fetchOne(db, sql: "PRAGMA synchronous"))
        }
        #expect(mode == "wal" && level == 2)
    }
}
