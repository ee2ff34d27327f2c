import DeviceAuth
import Fleet
import NIOCore
import UpdateTree

/// Container apps: a URL with a token for the tool that has no certificate, and the blobs behind it.
extension Responder {
    func appProxyURL(_ request: RequestHead, _ device: DeviceIdentity) -> Response {
        guard let host = request.host, Self.isAuthority(host) else {
            return Problem(status: 400, slug: "host-missing", detail: "send a Host field with this server's name and port").response
        }
        let token = loop.services.registryTokens.make(
            for: device.id, channel: Channel(isProduction: device.isProduction), key: device.key, now: loop.now)
        // Exactly 201 and plain text: that is what the clients look for.
        return .text(201, "https://\(host)/registry?token=\(token)")
    }

    /// A name or address with an optional port, and nothing that could end a URL's authority.
    private static func isAuthority(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 255
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: ":"),
                    UInt8(ascii: "["), UInt8(ascii: "]"):
                    true
                default: false
                }
            }
    }

    /// A request that shows a token instead of a certificate. The token must still fit the device as it is now.
    func registry(_ digest: Digest, isManifest: Bool, token: String?, _ request: RequestHead) -> Action {
        guard request.method == .get || request.method == .head else { return refuse(.methodNotAllowed) }
        guard let token, let grant = loop.services.registryTokens.check(token, now: loop.now) else {
            guard token == nil, case .ready = session.stand(in: loop) else { return refuse(.tokenInvalid) }
            return certified(digest, isManifest: isManifest, request)
        }
        // Who shows a certificate too must be in good standing, and the token's device.
        switch session.stand(in: loop) {
        case .anonymous: break
        case .ready(let device) where device.id == grant.device: break
        case .refused(let problem): return refuse(problem)
        case .ready, .enroll: return refuse(.tokenInvalid)
        }
        guard let state = loop.services.registry.directory[grant.device]?.state, !state.isDeleted,
            state.key?.hex.hasPrefix(grant.keyPrefix) == true
        else { return refuse(.tokenInvalid) }
        if state.isDenied {
            return refuse(
                Problem(status: 403, slug: FleetError.Code.deviceDenied.rawValue, detail: "the device is denied"))
        }
        switch Resolution(channel: grant.channel, tag: state.tag, assigned: state.updateName) {
        case .update(let key):
            guard loop.isServed(key) else { return refuse(loop.refusal(of: key)) }
            return blob(digest, isManifest: isManifest, in: key.path, request)
        case .noTag: return refuse(.noTag)
        case .notAssigned: return refuse(.noAssignment)
        }
    }

    private func certified(_ digest: Digest, isManifest: Bool, _ request: RequestHead) -> Action {
        do throws(Problem) {
            return blob(digest, isManifest: isManifest, in: try session.updatePath(in: loop), request)
        } catch {
            return refuse(error)
        }
    }

    /// Clients ask for every digest under both `/manifests/` and `/blobs/`; it is the same file.
    func blob(_ digest: Digest, isManifest: Bool, in update: String, _ request: RequestHead) -> Action {
        content(.blob(digest), in: update, request)
    }
}
