import DeviceAuth
import Fleet
import Synchronization

/// Devices that may enrol, in memory.
final class MemoryEnrolments: EnrolmentRepository {
    private let rows = Mutex<[DeviceID: EnrolmentRecord]>([:])

    func find(_ subject: EnrolmentSubject) async throws -> EnrolmentRecord? {
        rows.withLock { $0.values.first { $0.subject == subject } }
    }

    func find(_ device: DeviceID) async throws -> EnrolmentRecord? { rows.withLock { $0[device] } }

    func page(after device: DeviceID?, limit: Int) async throws -> [EnrolmentRecord] {
        let all = rows.withLock { $0.values.sorted { $0.device < $1.device } }
        return Array(all.drop { record in device.map { record.device <= $0 } ?? false }.prefix(limit))
    }

    func add(_ record: EnrolmentRecord) async throws -> Bool {
        rows.withLock { rows in
            guard rows[record.device] == nil, !rows.values.contains(where: { $0.subject == record.subject }) else { return false }
            rows[record.device] = record
            return true
        }
    }

    func replace(_ record: EnrolmentRecord) async throws -> Bool {
        rows.withLock { rows in
            guard rows[record.device]?.subject == record.subject else { return false }
            rows[record.device] = record
            return true
        }
    }

    func remove(_ device: DeviceID) async throws -> Bool { rows.withLock { $0.removeValue(forKey: device) != nil } }
}
