/// Why devices cannot be enrolled at all.
public struct EnrolmentError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        case certificateUnusable = "enrolment-certificate-unusable"
        case keysUnusable = "enrolment-keys-unusable"
        case addressUnusable = "enrolment-address-unusable"
    }

    public let code: Code
    public let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { "\(code.rawValue): \(message)" }
}
