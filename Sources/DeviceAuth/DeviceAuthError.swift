/// What went wrong in device authentication or in issuing certificates: a stable slug, and a sentence with the remedy.
///
/// Compare by ``code``; the message is for people and may change.
public struct DeviceAuthError: Error, Equatable, Sendable {
    public let code: Code
    /// What went wrong and how to mend it, on one line.
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}

extension DeviceAuthError {
    public enum Code: String, Sendable, CaseIterable {
        case deviceIDInvalid = "device-id-invalid"
        case fingerprintInvalid = "fingerprint-invalid"
        case serialInvalid = "serial-invalid"
        case dnsNameInvalid = "dns-name-invalid"
        case factoryInvalid = "factory-invalid"
        case lifetimeInvalid = "lifetime-invalid"
        case siteNameInvalid = "site-name-invalid"
        case siteGrantInvalid = "site-grant-invalid"

        case authoritiesInvalid = "authorities-invalid"
        case authorityUnsuitable = "authority-unsuitable"
        case certificateInvalid = "certificate-invalid"
        case certificateMismatch = "certificate-mismatch"
        case privateKeyInvalid = "private-key-invalid"
        case requestInvalid = "request-invalid"
        case requestRefused = "request-refused"

        case revocationListInvalid = "revocation-list-invalid"
        case revocationListTooLarge = "revocation-list-too-large"
        case revocationListSignature = "revocation-list-signature"
        case revocationListFromFuture = "revocation-list-from-future"

        case alreadyExists = "file-exists"
        case fileMissing = "file-missing"
        case fileTooLarge = "file-too-large"
        case notPermitted = "not-permitted"
        case diskFull = "disk-full"
        case inputOutput = "input-output"
        case cryptography = "cryptography-failed"
        case signatureInvalid = "signature-invalid"
    }

    /// What a caller can do about an error; a command maps it to its exit code.
    public enum Category: Sendable {
        /// The command was called with values that can not be.
        case usage
        /// A file has a content that can not be used.
        case badData
        /// Something that is needed is not there now.
        case unavailable
        case notPermitted
        case failed
    }
}

extension DeviceAuthError.Code {
    public var category: DeviceAuthError.Category {
        switch self {
        case .deviceIDInvalid, .fingerprintInvalid, .serialInvalid, .dnsNameInvalid, .factoryInvalid, .lifetimeInvalid,
            .siteNameInvalid, .siteGrantInvalid:
            .usage
        case .authoritiesInvalid, .authorityUnsuitable, .certificateInvalid, .certificateMismatch, .privateKeyInvalid,
            .requestInvalid, .requestRefused, .revocationListInvalid, .revocationListTooLarge, .revocationListSignature,
            .revocationListFromFuture, .fileTooLarge, .signatureInvalid:
            .badData
        case .fileMissing, .diskFull:
            .unavailable
        case .notPermitted:
            .notPermitted
        case .alreadyExists, .inputOutput, .cryptography:
            .failed
        }
    }
}

extension DeviceAuthError: CustomStringConvertible {
    public var description: String { "\(code.rawValue): \(message)" }
}
