/// Why the gateway cannot start or reload.
public struct GatewayError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        case certificateUnusable = "server-certificate-unusable"
        case addressUnusable = "address-unusable"
        case tokenKeyInvalid = "registry-token-key-invalid"
    }

    public let code: Code
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { "\(code.rawValue): \(message)" }
}
