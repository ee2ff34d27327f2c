import DeviceAuth
import Fleet
import Snaps
import Testing
import UpdateTree

@testable import Persistence

@Suite("Where devices that may enrol are kept")
struct EnrolmentRepositoryTests {
    private func open(_ scratch: Scratch) throws -> any EnrolmentRepository {
        SQLiteEnrolments(try Persistence.Database.open(dataDirectory: scratch.path))
    }

    private func record(_ device: String, serial: String? = nil, brand: String = "acme", model: String = "m") throws -> EnrolmentRecord {
        EnrolmentRecord(
            try EnrolmentSubject(brand: brand, model: model, serial: serial ?? device), device: try id(device),
            organization: try OrganizationName("Works"), channel: .prod, registeredAt: 100)
    }

    @Test("what was added is found by device and by subject after opening again")
    func found() async throws {
        let scratch = try Scratch()
        let record = try record("d", serial: "ß 1")
        #expect(try await open(scratch).add(record))
        #expect(try await open(scratch).find(id("d")) == record)
        #expect(try await open(scratch).find(record.subject) == record)
        #expect(try await open(scratch).find(id("e")) == nil)
        for other in [
            try self.record("d", serial: "2"), try self.record("d", serial: "ß 1", brand: "other"),
            try self.record("d", serial: "ß 1", model: "n"),
        ] {
            #expect(try await open(scratch).find(other.subject) == nil)
        }
    }

    @Test("a subject or a device that is there already is not added again, and what is there stays")
    func once() async throws {
        let repository = try open(try Scratch())
        let first = try record("d", serial: "1")
        #expect(try await repository.add(first))
        #expect(try await !repository.add(record("d", serial: "2")))
        #expect(try await !repository.add(record("e", serial: "1")))
        #expect(try await repository.page(after: nil, limit: 10) == [first])
        #expect(try await repository.add(record("e", serial: "1", model: "n")))
    }

    @Test("a record is replaced as a whole, and one that is not there is not made")
    func replaced() async throws {
        let scratch = try Scratch()
        let repository = try open(scratch)
        var record = try record("d", serial: "1")
        #expect(try await !repository.replace(record))
        _ = try await repository.add(record)
        record.registeredAt = 200
        record.state = .enrolled(at: 300, deviceKey: SnapDigest(of: [1]))
        #expect(try await repository.replace(record))
        #expect(try await open(scratch).find(id("d")) == record)
        record.state = .waiting
        #expect(try await repository.replace(record))
        #expect(try await open(scratch).find(id("d")) == record)
        #expect(try await !repository.replace(self.record("d", serial: "2")))
    }

    @Test("pages are in the order of devices and go on behind one that is gone")
    func pages() async throws {
        let repository = try open(try Scratch())
        for name in ["c", "a", "b", "B"] { _ = try await repository.add(record(name)) }
        #expect(try await repository.page(after: nil, limit: 2).map(\.device.text) == ["B", "a"])
        #expect(try await repository.remove(id("a")))
        #expect(try await !repository.remove(id("a")))
        #expect(try await repository.page(after: id("a"), limit: 9).map(\.device.text) == ["b", "c"])
    }
}
