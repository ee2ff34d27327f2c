import DeviceAuth

/// Where registrations are kept that wait or were rejected. Every write has returned only when it is on the disk.
public protocol RegistrationRepository: Sendable {
    func loadRegistrations() throws -> [Registration]
    /// Adds registrations, or replaces those with the same id.
    func save(_ registrations: [Registration]) async throws
    func removeRegistrations(_ ids: [DeviceID]) async throws
    /// Makes devices of registrations, key and all, and removes these: in one transaction.
    func accept(_ registrations: [Registration], at now: Int64) async throws
}
