import DeviceAuth
import UpdateTree

/// The site at the other end of one connection. It has no record: its certificate says all there is to know.
// Unchecked: it belongs to one connection and is used on that connection's event loop only.
final class SiteSession: @unchecked Sendable {
    private let leaf: [UInt8]
    private var identity: Result<SiteIdentity, CertificateRefusal>
    private var trustGeneration: UInt64

    /// - Parameters:
    ///   - leaf: the client's certificate (DER).
    ///   - identity: what it was found to be in the handshake.
    init(leaf: [UInt8], identity: SiteIdentity, trustGeneration: UInt64) {
        self.leaf = leaf
        self.identity = .success(identity)
        self.trustGeneration = trustGeneration
    }

    /// The site, if its requests may be answered now.
    func stand(in loop: LoopContext) throws(Problem) -> SiteIdentity {
        _ = loop.current
        if loop.trustGeneration != trustGeneration {
            // CAs or revocation lists changed: an open connection is judged anew.
            trustGeneration = loop.trustGeneration
            identity = loop.identify(leaf).flatMap(Self.site)
        }
        switch identity {
        case .failure(let refusal): throw Problem(refusal)
        case .success(let site):
            guard loop.now < site.notAfter else { throw .certificateExpired }
            return site
        }
    }

    private static func site(_ peer: PeerIdentity) -> Result<SiteIdentity, CertificateRefusal> {
        switch peer {
        case .site(let site): .success(site)
        case .device: .failure(CertificateRefusal(.identityInvalid, "the connection was a site's: connect anew"))
        }
    }
}

extension SiteIdentity {
    func mayRead(_ update: UpdateKey) -> Bool {
        let channel: SiteGrant.Channel =
            switch update.channel {
            case .ci: .ci
            case .prod: .prod
            }
        return mayRead(channel: channel, tag: update.tag.text)
    }
}
