import Snaps

/// What the device says of itself in a heartbeat besides its snaps.
public struct DeviceDescription: Equatable, Sendable {
    /// The name in its certificate.
    public let device: String
    public let organization: String?
    public var brand: String?
    public var model: ModelName?
    public var serial: String?
    public var architecture: String?

    public init(device: String, organization: String?, architecture: String?) {
        self.device = device
        self.organization = organization
        self.architecture = architecture
    }

    /// Takes brand, model and serial over from snapd's assertions, where it has them.
    mutating func take(_ assertions: [Assertion]) {
        for assertion in assertions {
            brand = assertion["brand-id"] ?? brand
            model = assertion["model"].flatMap { try? ModelName($0) } ?? model
            if assertion.type == "serial" { serial = assertion["serial"] ?? serial }
        }
    }
}
