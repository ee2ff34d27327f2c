/// Why a snap's name, file, assertion or message was refused.
public struct SnapsError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        case snapNameInvalid = "snap-name-invalid"
        case modelNameInvalid = "model-name-invalid"
        case snapRevisionInvalid = "snap-revision-invalid"
        case snapDigestInvalid = "snap-digest-invalid"
        case assertionMalformed = "assertion-malformed"
        case assertionMismatch = "snap-assertion-mismatch"
        case indexInvalid = "snap-index-invalid"
        /// It is an assertion, but not one that serves here.
        case assertionInvalid = "assertion-invalid"
        case signatureInvalid = "assertion-signature-invalid"
        case brandInvalid = "brand-invalid"
        case serialInvalid = "device-serial-invalid"
        case heartbeatInvalid = "heartbeat-invalid"
        case answerInvalid = "snap-answer-invalid"
        case listInvalid = "snap-list-invalid"
        case requestInvalid = "snap-request-invalid"
    }

    public let code: Code
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { "\(code.rawValue): \(message)" }
}
