/// Why bytes were refused as JSON.
public struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable, CaseIterable {
        case malformed = "json-malformed"
        case duplicateMember = "json-duplicate-member"
        case trailingBytes = "json-trailing-bytes"
        case tooDeep = "json-too-deep"
        case numberNotInteger = "json-number-not-integer"
        case numberOutOfRange = "json-number-out-of-range"
        case tooLarge = "json-too-large"
    }

    public let code: Code
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { "\(code.rawValue): \(message)" }
}
