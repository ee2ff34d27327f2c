import DeviceAuth
import Fleet
import Testing
import UpdateTree

@testable import Persistence

@Suite("Stored hours of contact")
struct ContactHoursTests {
    @Test("hours of contact are written with a check-in, loaded again, and gone with the device")
    func stored() async throws {
        let scratch = try Scratch()
        let devices = SQLiteDevices(try Database.open(dataDirectory: scratch.path))
        let state = try DeviceState(id: DeviceID("a"), channel: .ci, createdAt: 1)
        try await devices.add([state, try DeviceState(id: DeviceID("b"), channel: .ci, createdAt: 1)], publicKeyPEM: nil)
        #expect(try devices.loadContactHours().isEmpty)
        let entry = DeviceEntry(state, lastSeen: 0)
        // A week whose highest bit is set once it is in its place.
        entry.see(at: 40_000 * 604_800 + 5 * 3_600)
        try await devices.save([entry.dequeue()])
        let again = SQLiteDevices(try Database.open(dataDirectory: scratch.path))
        #expect(try again.loadContactHours() == [try DeviceID("a"): entry.contactHours])
        let registry = try DeviceRegistry(repository: again, policy: .open, now: { 1 })
        #expect(try registry.directory[DeviceID("a")]?.contactHours.mask == 1 << 5)
        try await again.markDeleted([try DeviceID("a")])
        #expect(try again.loadContactHours().isEmpty)
    }

    @Test("the database is read as it is, beside its writer, and is not written to")
    func readOnly() async throws {
        let scratch = try Scratch()
        let devices = SQLiteDevices(try Database.open(dataDirectory: scratch.path))
        try await devices.add([try DeviceState(id: DeviceID("a"), channel: .ci, createdAt: 1)], publicKeyPEM: nil)
        let reader = SQLiteDevices(try Database.openForReading(dataDirectory: scratch.path))
        #expect(try reader.loadAll().map(\.state.id.text) == ["a"])
        await #expect(throws: (any Error).self) { try await reader.setDenied(true, of: [try DeviceID("a")]) }
        #expect(throws: (any Error).self) { try Database.openForReading(dataDirectory: scratch.path + "/none") }
    }
}
