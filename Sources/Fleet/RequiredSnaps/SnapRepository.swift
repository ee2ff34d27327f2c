import DeviceAuth
import Snaps

/// Where models, requirements, snap lists and orders are kept. Every write has returned only when it is on the disk.
public protocol SnapRepository: Sendable {
    /// All models that requirements were stored for, also those that have none any more.
    func loadModels() throws -> [ModelName: [SnapRequirement]]
    func loadDevices() throws -> [SnapDeviceRecord]
    /// Orders without an outcome, oldest first.
    func loadOpenOrders() throws -> [SnapOrder]

    /// Stores a requirement, and the model with its first one; one of the same snap is replaced.
    func add(_ requirement: SnapRequirement, to model: ModelName) async throws
    /// The model stays.
    func remove(_ snap: SnapName, from model: ModelName) async throws

    /// Replaces a device's snaps and hashes in one transaction. Many lists share one sync of the disk.
    func replaceList(of device: DeviceID, with list: SnapList, at seconds: Int64) async throws
    /// Stores everything of the records except hashes and names, and how often open orders were sent.
    func save(_ records: [SnapDeviceRecord], sent orders: [SnapOrder]) async throws
    /// An order that is stored already stays as it is.
    func add(_ order: SnapOrder) async throws
    /// Stores the outcomes, in one transaction. An order that has one already keeps it; of a device's ended ones the last
    /// ``SnapOrder/mostKept`` are kept.
    func finish(_ orders: [SnapOrder]) async throws
    /// Removes all that is known of a device's snaps, orders included.
    func forget(_ device: DeviceID) async throws

    func list(of device: DeviceID) async throws -> StoredSnapList?
    /// Newest first.
    func orders(of device: DeviceID, limit: Int) async throws -> [SnapOrder]
}
