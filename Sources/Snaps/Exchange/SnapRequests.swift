import FoundationEssentials

/// What a device gets in answer to a heartbeat or to an answer of its own: what is asked of it now.
public struct SnapRequests: Codable, Equatable, Sendable {
    public let requests: [SnapRequest]

    public init(_ requests: [SnapRequest]) { self.requests = requests }

    /// Requests of actions that this version does not know are left out.
    ///
    /// - Throws: ``SnapsError/Code/requestInvalid``.
    public init(parsing bytes: [UInt8]) throws(SnapsError) {
        struct Known: Decodable {
            let request: SnapRequest?
            init(from decoder: any Decoder) throws { request = try? SnapRequest(from: decoder) }
        }
        struct Document: Decodable { let requests: [Known] }
        guard let document = try? JSONDecoder().decode(Document.self, from: Data(bytes)) else {
            throw SnapsError(
                .requestInvalid, "the server's answer holds no list of requests; look at its version and at what stands between")
        }
        requests = document.requests.compactMap(\.request)
    }

    public var json: [UInt8] { JSONText.encode(self) }
}
