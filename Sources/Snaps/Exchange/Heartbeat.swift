import FoundationEssentials

/// What a device says of itself once a minute.
public struct Heartbeat: Equatable, Sendable {
    public let organization: String?
    /// Whom the message speaks of; must be the device that the transport knows.
    public let device: String?
    /// When the device made it, as it wrote it (RFC 3339).
    public let refresh: String?
    public let hashes: SnapHashes?
    public let brand: String?
    public let model: ModelName?
    public let serial: String?
    /// Such as `amd64`.
    public let architecture: String?

    /// Bytes.
    public static let largest = 8 << 10

    private struct Document: Codable {
        var orgId: String?
        var deviceId: String?
        var refresh: String?
        var snapListHash: String?
        var installedSnapsHash: String?
        var brand: String?
        var model: String?
        var serial: String?
        var architecture: String?
    }

    public init(
        device: String, organization: String? = nil, refresh: String, hashes: SnapHashes?, brand: String? = nil, model: ModelName? = nil,
        serial: String? = nil, architecture: String? = nil
    ) {
        self.organization = organization
        self.device = device
        self.refresh = refresh
        self.hashes = hashes
        self.brand = brand
        self.model = model
        self.serial = serial
        self.architecture = architecture
    }

    /// Reads the JSON object; members that are absent, null or unknown are no error.
    ///
    /// - Throws: ``SnapsError/Code/heartbeatInvalid``.
    public init(parsing bytes: [UInt8]) throws(SnapsError) {
        guard bytes.count <= Self.largest, let document = try? JSONDecoder().decode(Document.self, from: Data(bytes)) else {
            throw SnapsError(
                .heartbeatInvalid,
                "the heartbeat is no JSON object of at most \(Self.largest) bytes with texts as deviceId, snapListHash, installedSnapsHash")
        }
        organization = document.orgId
        device = document.deviceId.flatMap { $0.isEmpty ? nil : $0 }
        refresh = document.refresh
        hashes = try SnapHashes(list: document.snapListHash, names: document.installedSnapsHash, refusedAs: .heartbeatInvalid)
        // What does not name a brand, a model, a serial or an architecture is not worth losing the heartbeat for.
        brand = document.brand.flatMap(Self.word)
        model = document.model.flatMap { try? ModelName($0) }
        serial = document.serial.flatMap(Self.word)
        architecture = document.architecture.flatMap(Self.word)
    }

    /// As the agent sends it.
    public var json: [UInt8] {
        let document = Document(
            orgId: organization, deviceId: device, refresh: refresh, snapListHash: hashes?.list, installedSnapsHash: hashes?.names,
            brand: brand, model: model?.text, serial: serial, architecture: architecture)
        return JSONText.encode(document)
    }

    private static func word(_ text: String) -> String? {
        let isWord = (1...128).contains(text.utf8.count) && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        return isWord ? text : nil
    }
}
