import DeviceAuth
import UpdateTree

/// Where devices are kept. Every write has returned only when it is on the disk.
public protocol DeviceRepository: Sendable {
    /// All devices with the time they were last seen (seconds since 1970).
    func loadAll() throws -> [(state: DeviceState, lastSeen: Int64)]
    /// Adds devices that are not there yet; those that are stay as they are.
    func add(_ devices: [DeviceState], publicKeyPEM: String?) async throws
    /// Pins a key and clears the permission for a new one.
    func pin(_ key: KeyFingerprint, publicKeyPEM: String, of id: DeviceID) async throws
    func allowNewKey(of id: DeviceID) async throws
    func setDenied(_ denied: Bool, of id: DeviceID) async throws
    /// Marks as deleted: the row stays, key, assignment and what the device said are cleared.
    func markDeleted(_ id: DeviceID) async throws
    /// Takes a deletion back.
    func restore(_ id: DeviceID) async throws
    /// Assigns in one transaction: all of them or none. Deleted devices are passed over.
    func assign(_ name: UpdateName?, to ids: [DeviceID]) async throws
    func save(_ checkIns: [CheckInRecord]) async throws
    func publicKeyPEM(of id: DeviceID) async throws -> String?
}
