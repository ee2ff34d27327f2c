/// Why an operator was refused.
public struct OperatorAuthError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        case tokenMissing = "token-missing"
        case tokenInvalid = "token-invalid"
        case tokenExpired = "token-expired"
        case scopeMissing = "scope-missing"
        case scopeInvalid = "scope-invalid"
        case lifetimeInvalid = "lifetime-invalid"
    }

    public let code: Code
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { "\(code.rawValue): \(message)" }
}
