import Fleet
import Snaps

/// A device's snaps as the API shows them.
struct SnapDeviceDocument: Encodable, Sendable {
    struct Model: Encodable, Sendable {
        let name: String
        let brand: Nullable<String>
        let source: String

        init(_ claim: DeviceModel.Claim) {
            name = claim.name.text
            brand = Nullable(claim.brand)
            source = claim.source.rawValue
        }
    }

    /// The last request to install what is required.
    struct Install: Encodable, Sendable {
        let id: String
        let state: String
        let missing: [String]
        let message: String
        let attempts: Int
        let since: Timestamp
        let changedAt: Timestamp
        let lastSent: Nullable<Timestamp>

        init(_ install: RequiredInstall) {
            id = install.request.id
            state = install.state.rawValue
            missing = install.missing.map(\.text)
            message = install.message
            attempts = install.request.attempts
            since = Timestamp(install.since)
            changedAt = Timestamp(install.changedAt)
            lastSent = Nullable(install.request.attempts > 0 ? Timestamp(install.request.lastSent) : nil)
        }
    }

    let uuid: String
    let model: Nullable<Model>
    let serial: Nullable<String>
    let architecture: Nullable<String>
    let snapListHash: Nullable<String>
    let installedSnapsHash: Nullable<String>
    /// Null before the first list.
    let installed: Nullable<[String]>
    let missing: [String]
    let required: Nullable<Install>
    let awaitsList: Bool
    let openOrders: Int
    let lastSeen: Nullable<Timestamp>

    init(_ status: SnapDeviceStatus) {
        uuid = status.device.text
        model = Nullable(status.model.map(Model.init))
        serial = Nullable(status.serial)
        architecture = Nullable(status.architecture)
        snapListHash = Nullable(status.hashes?.list)
        installedSnapsHash = Nullable(status.hashes?.names)
        installed = Nullable(status.installed.map { $0.map(\.text) })
        missing = status.missing.map(\.text)
        required = Nullable(status.required.map(Install.init))
        awaitsList = status.awaitsList
        openOrders = status.openOrders
        lastSeen = Nullable(status.lastSeen > 0 ? Timestamp(status.lastSeen) : nil)
    }
}
