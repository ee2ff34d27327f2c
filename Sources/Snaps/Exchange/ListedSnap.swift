import FoundationEssentials

/// One installed snap, as an agent publishes it.
public struct ListedSnap: Codable, Equatable, Sendable {
    public struct Service: Codable, Equatable, Sendable {
        public let name: String
        public let active: Bool
        public let enabled: Bool
        public let daemon: String?

        public init(name: String, active: Bool, enabled: Bool, daemon: String?) {
            self.name = name
            self.active = active
            self.enabled = enabled
            self.daemon = daemon
        }

        public init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            name = try container.decodeIfPresent(String.self, forKey: .name) ?? ""
            active = try container.decodeIfPresent(Bool.self, forKey: .active) ?? false
            enabled = try container.decodeIfPresent(Bool.self, forKey: .enabled) ?? false
            daemon = try container.decodeIfPresent(String.self, forKey: .daemon)
        }
    }

    public let deviceId: String?
    public let name: SnapName
    /// Bytes.
    public let installedSize: Int64?
    /// RFC 3339.
    public let installedDate: String?
    /// Such as `active`.
    public let status: String?
    public let channel: String?
    public let confinement: String?
    public let version: String?
    public let revision: SnapRevision?
    public let devmode: Bool?
    public let config: String?
    public let services: [Service]?

    public init(
        deviceId: String?, name: SnapName, installedSize: Int64?, installedDate: String?, status: String?, channel: String?,
        confinement: String?, version: String?, revision: SnapRevision?, devmode: Bool?, config: String?, services: [Service]?
    ) {
        self.deviceId = deviceId
        self.name = name
        self.installedSize = installedSize
        self.installedDate = installedDate
        self.status = status
        self.channel = channel
        self.confinement = confinement
        self.version = version
        self.revision = revision
        self.devmode = devmode
        self.config = config
        self.services = services
    }

    /// Only the name must be there; what has another type than it should is left out.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decode(SnapName.self, forKey: .name)
        deviceId = try? container.decodeIfPresent(String.self, forKey: .deviceId)
        installedSize = try? container.decodeIfPresent(Int64.self, forKey: .installedSize)
        installedDate = try? container.decodeIfPresent(String.self, forKey: .installedDate)
        status = try? container.decodeIfPresent(String.self, forKey: .status)
        channel = try? container.decodeIfPresent(String.self, forKey: .channel)
        confinement = try? container.decodeIfPresent(String.self, forKey: .confinement)
        version = try? container.decodeIfPresent(String.self, forKey: .version)
        revision = try? container.decodeIfPresent(SnapRevision.self, forKey: .revision)
        devmode = try? container.decodeIfPresent(Bool.self, forKey: .devmode)
        config = try? container.decodeIfPresent(String.self, forKey: .config)
        services = try? container.decodeIfPresent([Service].self, forKey: .services)
    }
}
