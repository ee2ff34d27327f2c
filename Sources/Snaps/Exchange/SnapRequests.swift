import FoundationEssentials

/// What a device gets in answer to a heartbeat or to an answer of its own: what is asked of it now.
public struct SnapRequests: Codable, Equatable, Sendable {
    /// A request of an action that this version does not know: enough to say so.
    public struct Unknown: Equatable, Sendable {
        public let id: String
        /// The word as it came, at most 64 characters.
        public let action: String
    }

    public let requests: [SnapRequest]
    public private(set) var unknown: [Unknown] = []

    enum CodingKeys: String, CodingKey { case requests }

    public init(_ requests: [SnapRequest]) { self.requests = requests }

    /// Requests of actions that this version does not know are kept aside; such that make no sense are left out.
    ///
    /// - Throws: ``SnapsError/Code/requestInvalid``.
    public init(parsing bytes: [UInt8]) throws(SnapsError) {
        struct Known: Decodable {
            let request: SnapRequest?
            let unknown: Unknown?

            enum CodingKeys: String, CodingKey { case id, action }

            init(from decoder: any Decoder) throws {
                request = try? SnapRequest(from: decoder)
                unknown = request == nil ? Self.unknown(decoder) : nil
            }

            static func unknown(_ decoder: any Decoder) -> Unknown? {
                guard let container = try? decoder.container(keyedBy: CodingKeys.self),
                    let id = try? container.decode(String.self, forKey: .id),
                    let action = try? container.decode(String.self, forKey: .action), (1...64).contains(action.utf8.count),
                    SnapAction(rawValue: action) == nil
                else { return nil }
                return Unknown(id: id, action: action)
            }
        }
        struct Document: Decodable { let requests: [Known] }
        guard let document = try? JSONDecoder().decode(Document.self, from: Data(bytes)) else {
            throw SnapsError(
                .requestInvalid, "the server's answer holds no list of requests; look at its version and at what stands between")
        }
        requests = document.requests.compactMap(\.request)
        unknown = document.requests.compactMap(\.unknown)
    }

    public var json: [UInt8] { JSONText.encode(self) }
}
