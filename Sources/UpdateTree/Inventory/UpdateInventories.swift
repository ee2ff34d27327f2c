/// The inventories of the updates that were verified and have not changed since. May read files, so it is asked where
/// waiting for a disk is harmless.
///
/// Both throw when the answer is not known: an update that cannot be told about must not look like one that is gone.
public protocol UpdateInventories: Sendable {
    /// In any order.
    func listed() throws -> [ListedUpdate]
    /// ``Inventory/text`` as UTF-8; nil when the update has no current verified inventory.
    func inventoryText(of update: UpdateKey) throws -> [UInt8]?
}
