import DeviceAuth
import Fleet
import Snaps
import Synchronization

/// What a device of the brand `acme` shows.
func assertions(serial: String = "0017", key: DeviceKey = .one) throws -> DeviceAssertions {
    let model = "type: model\nauthority-id: acme\nseries: 16\nbrand-id: acme\nmodel: pump-24\n\nAXNpZw==\n"
    let device = """
        type: serial\nauthority-id: acme\nbrand-id: acme\nmodel: pump-24\nserial: \(serial)\ndevice-key:\n    \(key.base64)
        device-key-sha3-384: \(key.digest)\n\nAXNpZw==\n
        """
    return try DeviceAssertions(parsing: Array((model + "\n" + device).utf8))
}

/// Two keys of devices, as assertions write them.
enum DeviceKey {
    case one, two

    var base64: String { self == .one ? "AWEga2V5IG9mIHRoZSB0ZXN0czogb25l" : "AWEga2V5IG9mIHRoZSB0ZXN0czogdHdv" }
    var digest: String {
        self == .one
            ? "PmRP7zW2VVlfX47NxF5AE47IeNy4Fgy4FOR_OanQh2k-TW1JeVLtSUpDfwraGup9"
            : "4YNx0Hzf9d4ma6-rOTB9O49Ux2VWc78E71410qgt8OKUYyuo7ZXPI2HXMrEh9K0o"
    }
}

/// Devices that may enrol, in memory, with writes that can fail.
final class MemoryEnrolments: EnrolmentRepository {
    private let rows = Mutex<[DeviceID: EnrolmentRecord]>([:])
    private let fault = Mutex(Fault())

    func use(_ fault: Fault) { self.fault.withLock { $0 = fault } }

    func find(_ subject: EnrolmentSubject) async throws -> EnrolmentRecord? {
        await Task.yield()
        return rows.withLock { $0.values.first { $0.subject == subject } }
    }

    func find(_ device: DeviceID) async throws -> EnrolmentRecord? { rows.withLock { $0[device] } }

    func page(after device: DeviceID?, limit: Int) async throws -> [EnrolmentRecord] { rows.withLock { Array($0.values) } }

    private func write<Value>(_ body: (inout [DeviceID: EnrolmentRecord]) -> Value) throws -> Value {
        try fault.withLock { $0 }.write { rows.withLock { body(&$0) } }
    }

    func add(_ record: EnrolmentRecord) async throws -> Bool {
        try write { rows in
            guard rows[record.device] == nil else { return false }
            rows[record.device] = record
            return true
        }
    }

    func replace(_ record: EnrolmentRecord) async throws -> Bool {
        await Task.yield()
        return try write { rows in
            guard rows[record.device] != nil else { return false }
            rows[record.device] = record
            return true
        }
    }

    func remove(_ device: DeviceID) async throws -> Bool { try write { $0.removeValue(forKey: device) != nil } }
}
