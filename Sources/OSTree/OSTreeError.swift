/// Why a repository, or one object in it, is refused.
///
/// The slug is stable; the message says what is wrong, where, and how to mend it.
public struct OSTreeError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable, CaseIterable {
        // The repository.
        case configMissing = "ostree-config-missing"
        case configInvalid = "ostree-config-invalid"
        /// Only archive repositories are served: of the others a device can fetch nothing.
        case modeUnsupported = "ostree-mode-unsupported"
        case unreadable = "ostree-unreadable"
        case tooManyObjects = "ostree-too-many-objects"
        case refInvalid = "ostree-ref-invalid"
        /// A ref names a commit that is absent. No device reads refs.
        case refDangling = "ostree-ref-dangling"
        case commitPartial = "ostree-commit-partial"
        /// Something in `objects/` that is not named like an object: it is never served.
        case objectNameInvalid = "ostree-object-name-invalid"
        /// A commit is deeper than any file system can hold.
        case tooDeep = "ostree-too-deep"
        /// A path in a commit goes through too many symlinks, or is no path.
        case pathInvalid = "ostree-path-invalid"

        // Any object.
        case objectMissing = "ostree-object-missing"
        case objectNotPlain = "ostree-object-not-plain"
        case objectUnreadable = "ostree-object-unreadable"
        case objectTooLarge = "ostree-object-too-large"
        case digestMismatch = "ostree-digest-mismatch"

        // The content of metadata objects.
        case variantMalformed = "ostree-variant-malformed"
        case checksumMalformed = "ostree-checksum-malformed"
        case nameInvalid = "ostree-name-invalid"
        case namesUnordered = "ostree-names-unordered"
        case modeInvalid = "ostree-mode-invalid"
        case attributesInvalid = "ostree-attributes-invalid"

        // File objects.
        case headerInvalid = "ostree-header-invalid"
        case contentCorrupt = "ostree-content-corrupt"
        case contentTruncated = "ostree-content-truncated"
        case sizeMismatch = "ostree-size-mismatch"
        case trailingBytes = "ostree-trailing-bytes"

        // Static deltas.
        case superblockMalformed = "ostree-superblock-malformed"
        /// The directory says other commits than the superblock in it.
        case deltaNameMismatch = "ostree-delta-name-mismatch"
        /// The commit in a superblock is not the one that the delta leads to.
        case deltaCommitMismatch = "ostree-delta-commit-mismatch"
        case deltaPartMissing = "ostree-delta-part-missing"
        case deltaPartMismatch = "ostree-delta-part-mismatch"
        /// An object that devices are to fetch beside a delta is absent.
        case deltaFallbackMissing = "ostree-delta-fallback-missing"
        /// A delta is listed and absent. Devices that insist on deltas fail; the others fetch single objects.
        case deltaMissing = "ostree-delta-missing"
        /// A superblock is not the one that is listed.
        case deltaDigestMismatch = "ostree-delta-digest-mismatch"
        case deltaIndexMalformed = "ostree-delta-index-malformed"
        /// No device fetches the delta.
        case deltaUnused = "ostree-delta-unused"
        /// Something beside the deltas that belongs to none.
        case deltaStray = "ostree-delta-stray"

        // The summary.
        case summaryMalformed = "ostree-summary-malformed"
        /// A ref names a commit that is absent. Devices do read these refs.
        case summaryRefMissing = "ostree-summary-ref-missing"
        /// The size of a ref's commit is another: devices fetch no more than the summary says.
        case summaryRefMismatch = "ostree-summary-ref-mismatch"
        /// Its refs are not those in `refs/heads`.
        case summaryOutdated = "ostree-summary-outdated"

        /// Whoever asked for the check stopped it. Never a finding.
        case cancelled = "ostree-check-cancelled"

        /// Whether it is only told: every device can still fetch all that a commit names.
        public var isWarning: Bool {
            switch self {
            case .refInvalid, .refDangling, .objectNameInvalid, .deltaUnused, .deltaStray, .summaryOutdated: true
            default: false
            }
        }

        /// How to mend it, where the message does not say so itself.
        var remedy: String {
            switch self {
            case .objectMissing, .objectUnreadable, .digestMismatch, .contentCorrupt, .contentTruncated, .trailingBytes,
                .sizeMismatch, .headerInvalid:
                "; copy or pull the repository again, and run ostree fsck where it comes from"
            case .variantMalformed, .checksumMalformed, .nameInvalid, .namesUnordered, .modeInvalid, .attributesInvalid,
                .objectTooLarge, .tooDeep:
                "; ostree did not write that: commit the tree again"
            case .objectNotPlain: "; put the file itself there, not a link"
            case .objectNameInvalid, .refInvalid, .deltaStray: "; remove it"
            case .superblockMalformed, .deltaNameMismatch, .deltaCommitMismatch, .deltaPartMissing, .deltaPartMismatch,
                .deltaMissing, .deltaDigestMismatch:
                "; copy the repository again, or generate the delta again with ostree static-delta generate, then ostree summary -u"
            case .deltaFallbackMissing: "; copy or pull the repository again, and run ostree fsck where it comes from"
            case .deltaIndexMalformed: "; make the indexes again with ostree static-delta reindex"
            case .deltaUnused: "; list it with ostree summary -u, or remove it with ostree static-delta delete"
            case .summaryMalformed, .summaryRefMissing, .summaryRefMismatch, .summaryOutdated:
                "; make the summary again with ostree summary -u"
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
