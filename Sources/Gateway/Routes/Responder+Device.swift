import DeviceAuth
import Fleet
import Foundation
import NIOCore
import UpdateTree

/// What a device may read about itself.
extension Responder {
    private struct DeviceInfo: Encodable {
        let uuid: DeviceID
        let name: String
        let factory: String
        let owner: String
        let repoID: String
        let createdAt: String
        let lastSeen: String
        let pubkey: String
        let tag: String
        let targetName: String
        let updateName: String
        let ostreeHash: String
        let dockerApps: [String]
        let isProd: Bool
        let groupName: String
        /// aktualizr-lite reads it with a capital letter.
        let capitalName: String

        enum CodingKeys: String, CodingKey {
            case uuid, name, factory, owner
            case repoID = "repo_id"
            case createdAt = "created_at"
            case lastSeen = "last_seen"
            case pubkey, tag
            case targetName = "target_name"
            case updateName = "update_name"
            case ostreeHash = "ostree_hash"
            case dockerApps = "docker_apps"
            case isProd = "is_prod"
            case groupName = "group_name"
            case capitalName = "Name"
        }
    }

    func deviceInfo(_ device: DeviceIdentity) -> Response {
        guard let state = session.state, let entry = session.entry else { return Problem.notFound.response }
        func time(_ seconds: Int64) -> String {
            Date(timeIntervalSince1970: TimeInterval(seconds)).formatted(.iso8601)
        }
        let factory = device.factory ?? ""
        let name = state.name?.text ?? device.id.text
        let info = DeviceInfo(
            uuid: device.id, name: name, factory: factory, owner: "", repoID: factory,
            createdAt: time(state.createdAt), lastSeen: time(entry.lastSeen), pubkey: device.publicKeyPEM,
            tag: state.tag?.text ?? "", targetName: state.targetName ?? "", updateName: state.updateName?.text ?? "",
            ostreeHash: state.ostreeHash ?? "", dockerApps: state.apps, isProd: device.isProduction,
            groupName: state.group?.text ?? "", capitalName: name)
        return .json(200, info)
    }
}

extension Response {
    /// An answer with a JSON document.
    static func json(_ status: Int, _ value: some Encodable) -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(value) else { return Problem.storageFailed.response }
        return .bytes(status, type: "application/json", ByteBuffer(bytes: data))
    }
}
