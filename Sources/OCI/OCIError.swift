/// Why an app, or one blob of it, is refused.
///
/// The slug is stable; the message says what is wrong, where, and how to mend it.
public struct OCIError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable, CaseIterable {
        // Blobs.
        case unreadable = "oci-unreadable"
        case tooManyBlobs = "oci-too-many-blobs"
        /// Something beside the blobs that is not named like one: it is never served.
        case blobNameInvalid = "oci-blob-name-invalid"
        case blobMissing = "oci-blob-missing"
        case blobNotPlain = "oci-blob-not-plain"
        case blobUnreadable = "oci-blob-unreadable"
        case digestMismatch = "oci-digest-mismatch"
        /// A blob has another length than the manifest says that names it.
        case sizeMismatch = "oci-size-mismatch"

        // Manifests.
        case manifestInvalid = "oci-manifest-invalid"
        case manifestTooLarge = "oci-manifest-too-large"
        case mediaTypeUnsupported = "oci-media-type-unsupported"
        case nestedTooDeep = "oci-nested-too-deep"
        /// An index names images for platforms that were not copied.
        case platformAbsent = "oci-platform-absent"
        case allPlatformsAbsent = "oci-all-platforms-absent"

        // Apps.
        case bundleInvalid = "oci-bundle-invalid"
        /// The bundle is right but holds links: what images it names cannot be told.
        case bundleUnread = "oci-bundle-unread"
        case composeMissing = "oci-compose-missing"
        /// The compose file names an image by a tag, which may be another image tomorrow.
        case imageUnpinned = "oci-image-unpinned"
        /// No image of any app is there: devices fetch them from elsewhere.
        case imagesAbsent = "oci-images-absent"

        /// Whoever asked for the check stopped it. Never a finding.
        case cancelled = "oci-check-cancelled"

        /// Whether it is only told: every device can still fetch all that it needs of what was copied.
        public var isWarning: Bool {
            switch self {
            case .blobNameInvalid, .platformAbsent, .bundleUnread, .imageUnpinned, .imagesAbsent: true
            default: false
            }
        }

        /// How to mend it, where the message does not say so itself.
        var remedy: String {
            switch self {
            case .blobMissing, .blobUnreadable, .digestMismatch, .allPlatformsAbsent: "; copy the apps again"
            case .sizeMismatch, .manifestInvalid, .manifestTooLarge, .mediaTypeUnsupported, .nestedTooDeep:
                "; build the app or the image again"
            case .bundleInvalid, .composeMissing, .imageUnpinned: "; publish the app again"
            case .blobNotPlain: "; put the file itself there, not a link"
            case .blobNameInvalid: "; remove it"
            default: ""
            }
        }
    }

    public let code: Code
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { "\(code.rawValue): \(message)" }
}
