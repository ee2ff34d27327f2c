import DeviceAuth
import UpdateTree

/// Where devices are kept. Every write has returned only when it is on the disk.
public protocol DeviceRepository: RegistrationRepository {
    /// All devices with the time they were last seen (seconds since 1970).
    func loadAll() throws -> [(state: DeviceState, lastSeen: Int64)]
    /// The hours in which devices were seen lately, of those that have any.
    func loadContactHours() throws -> [DeviceID: ContactHours]
    /// Adds devices that are not there yet, and removes their registrations; those that are there stay as they are.
    func add(_ devices: [DeviceState], publicKeyPEM: String?) async throws
    /// Pins a key and clears the permission for a new one.
    func pin(_ key: KeyFingerprint, publicKeyPEM: String, of id: DeviceID) async throws
    func allowNewKey(of id: DeviceID) async throws
    /// This and what follows is done in one transaction: to all of them or to none.
    func setDenied(_ denied: Bool, of ids: [DeviceID]) async throws
    /// Marks as deleted: the row stays; key, assignment, attributes and what the devices said are cleared.
    func markDeleted(_ ids: [DeviceID]) async throws
    /// Takes a deletion or a denial back.
    func restore(_ ids: [DeviceID]) async throws
    /// Stores name, group and labels. Deleted devices are passed over.
    func setAttributes(_ states: [DeviceState]) async throws
    /// Assigns an update name. Deleted devices are passed over.
    func assign(_ name: UpdateName?, to ids: [DeviceID]) async throws
    func save(_ checkIns: [CheckInRecord]) async throws
    func publicKeyPEM(of id: DeviceID) async throws -> String?
}

extension DeviceRepository {
    /// For one that does not keep them.
    public func loadContactHours() throws -> [DeviceID: ContactHours] { [:] }
}
