/// Why metadata were refused.
public struct TUFError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        case malformedJSON = "json-malformed"
        case duplicateMember = "json-duplicate-member"
        case trailingBytes = "json-trailing-bytes"
        case tooDeep = "json-too-deep"
        case numberNotInteger = "json-number-not-integer"
        case numberOutOfRange = "json-number-out-of-range"
        case memberMissing = "metadata-member-missing"
        case memberInvalid = "metadata-member-invalid"
        case wrongRole = "metadata-wrong-role"
    }

    public let code: Code
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { "\(code.rawValue): \(message)" }
}
