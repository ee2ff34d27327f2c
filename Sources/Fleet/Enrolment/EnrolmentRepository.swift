import DeviceAuth

/// Where devices that may enrol are kept. A call that changes something returns when that is stored.
public protocol EnrolmentRepository: Sendable {
    func find(_ subject: EnrolmentSubject) async throws -> EnrolmentRecord?
    func find(_ device: DeviceID) async throws -> EnrolmentRecord?
    /// In the order of devices' ids.
    func page(after device: DeviceID?, limit: Int) async throws -> [EnrolmentRecord]
    /// False, and nothing is stored, when the subject or the device's id is there already.
    func add(_ record: EnrolmentRecord) async throws -> Bool
    /// Puts a record in place of the one with the same subject and device. False when there is none.
    func replace(_ record: EnrolmentRecord) async throws -> Bool
    /// False when there was none.
    func remove(_ device: DeviceID) async throws -> Bool
}
