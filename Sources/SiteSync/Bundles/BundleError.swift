/// Why a bundle could not be made or taken, or a report not be made.
public struct BundleError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable, CaseIterable {
        /// No bundle at all, or in a format that is not known.
        case malformed = "bundle-malformed"
        /// Making it, or copying it, came to no end.
        case incomplete = "bundle-incomplete"
        case unsigned = "bundle-unsigned"
        case forOtherSite = "bundle-for-other-site"
        /// A file is not what the bundle says it is.
        case damaged = "bundle-damaged"
        case contentMissing = "bundle-content-missing"
        case fileUnexpected = "bundle-file-unexpected"
        /// A link or a device.
        case fileNotPlain = "bundle-file-not-plain"
        case haveInvalid = "bundle-have-invalid"
        case nothingToExport = "bundle-nothing-to-export"
        case targetTaken = "bundle-target-taken"
        /// An update of the bundle was not taken; the others were.
        case updatesRefused = "bundle-updates-refused"
        case stateDamaged = "site-report-state-damaged"
        case storage = "storage-failed"
        case storageFull = "storage-full"
    }

    public let code: Code
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { "\(code.rawValue): \(message)" }
}
