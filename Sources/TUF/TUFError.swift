import StrictJSON

/// Why metadata, a key or a signature were refused. The slug is stable; the message names the remedy.
public struct TUFError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable, CaseIterable {
        case malformedJSON = "json-malformed"
        case duplicateMember = "json-duplicate-member"
        case trailingBytes = "json-trailing-bytes"
        case tooDeep = "json-too-deep"
        case numberNotInteger = "json-number-not-integer"
        case numberOutOfRange = "json-number-out-of-range"
        case tooLarge = "json-too-large"

        case memberMissing = "metadata-member-missing"
        case memberInvalid = "metadata-member-invalid"
        case wrongRole = "metadata-wrong-role"
        case profileMixed = "metadata-profile-mixed"
        case specificationUnknown = "metadata-specification-unknown"
        case versionInvalid = "metadata-version-invalid"
        case timeInvalid = "metadata-time-invalid"
        case thresholdInvalid = "metadata-threshold-invalid"
        case roleNameInvalid = "metadata-role-name-invalid"
        case nameAmbiguous = "metadata-name-ambiguous"
        case targetNameInvalid = "metadata-target-name-invalid"
        case targetInvalid = "metadata-target-invalid"
        case delegationInvalid = "metadata-delegation-invalid"
        case keyIDInvalid = "key-id-invalid"
        case keyIDRepeated = "key-id-repeated"
        case keyInvalid = "key-invalid"
        case keyWeak = "key-weak"
        case keyTypeUnsupported = "key-type-unsupported"
        case signatureRepeated = "signature-repeated"
        case signatureMethodUnknown = "signature-method-unknown"

        case thresholdNotMet = "threshold-not-met"
        case expired = "metadata-expired"
        case rollback = "metadata-rollback"
        case versionMismatch = "metadata-version-mismatch"
        case lengthMismatch = "metadata-length-mismatch"
        case hashMismatch = "metadata-hash-mismatch"
        case roleUnlisted = "metadata-role-unlisted"
        case roleVanished = "metadata-role-vanished"
        case orderWrong = "metadata-order-wrong"
        case rootMissing = "root-missing"
        case tooManyRotations = "root-too-many-rotations"
        case targetUnknown = "target-unknown"
        case targetLengthMismatch = "target-length-mismatch"
        case targetHashMismatch = "target-hash-mismatch"

        case fetchFailed = "fetch-failed"
        case fetchTooLarge = "fetch-too-large"
        case storage = "metadata-storage-failed"
        case repositoryInvalid = "repository-invalid"
        case keyMissing = "key-missing"
        case passphraseWrong = "key-passphrase-wrong"
        case keyEncryptionUnsupported = "key-encryption-unsupported"
        case keyDerivationBounds = "key-derivation-bounds"
        case keyFileDamaged = "key-file-damaged"
        case keyExposed = "key-exposed"
        case keyNotOfRole = "key-not-of-role"

        case textNotPortable = "metadata-text-not-portable"
        case signatureForeign = "signature-foreign"
        case rootPending = "root-pending"
        case rootNotPending = "root-not-pending"
        case chainBroken = "root-chain-broken"
        case channelExists = "channel-exists"
        case channelMissing = "channel-missing"
        case channelBusy = "channel-busy"
    }

    public let code: Code
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The JSON reader's slugs are ours too.
    public init(_ error: JSONError) {
        self.init(Code(rawValue: error.code.rawValue) ?? .malformedJSON, error.message)
    }

    public var description: String { "\(code.rawValue): \(message)" }
}

/// `text` in quotation marks, bounded, fit for one line of a message.
func quoted(_ text: some StringProtocol) -> String { String(String.UnicodeScalarView(text.unicodeScalars.prefix(80))).debugDescription }
