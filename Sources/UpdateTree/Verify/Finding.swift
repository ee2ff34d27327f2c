/// One thing that a check of an update found.
public struct Finding: Hashable, Codable, Sendable, CustomStringConvertible {
    public enum Severity: String, Hashable, Codable, Sendable {
        /// A device could not accept the update: it is refused as a whole.
        case fatal
        case warning
    }

    public let severity: Severity
    /// Relative to the update's directory.
    public let path: String
    /// Stable; what a program compares.
    public let slug: String
    /// What is wrong and how to mend it.
    public let message: String

    public init(_ severity: Severity, _ path: String, slug: String, _ message: String) {
        self.severity = severity
        self.path = Self.printable(path)
        self.slug = slug
        self.message = Self.printable(message)
    }

    /// Names come from strangers and end on terminals: what would move a cursor or turn the writing round is spelled out.
    static func printable(_ text: String) -> String {
        func isPlain(_ scalar: Unicode.Scalar) -> Bool {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: false
            default: true
            }
        }
        guard !text.unicodeScalars.allSatisfy(isPlain) else { return text }
        return text.unicodeScalars.reduce(into: "") { $0 += isPlain($1) ? String($1) : $1.escaped(asASCII: true) }
    }

    init(_ severity: Severity, _ path: String, _ code: Code, _ message: String) {
        self.init(severity, path, slug: code.rawValue, message)
    }

    /// The findings that are about the update as a whole; those about one file keep the slugs of the room that knows it.
    public enum Code: String, CaseIterable, Sendable {
        case partMissing = "update-part-missing"
        case partUnknown = "update-part-unknown"
        case pathInvalid = "update-path-invalid"
        case notPlain = "update-file-not-plain"
        case tooManyFiles = "update-too-many-files"
        case trustMissing = "trust-missing"
        case rootDiffers = "trust-root-differs"
        case expiresSoon = "metadata-expires-soon"
        case targetMissing = "target-missing"
        case tagMissing = "target-tag-missing"
        case hardwareIDCount = "target-hardware-id-count"
        case hardwareIDInvalid = "target-hardware-id-invalid"
        case formatInvalid = "target-format-invalid"
        case appUnnamed = "target-app-invalid"
        case bundleMismatch = "bundle-targets-mismatch"
        case snapDiffers = "snap-differs"
        case snapUnread = "snap-not-read"
        case snapPrerequisite = "snap-prerequisite-missing"
        case assertionIncomplete = "snap-assertion-incomplete"
        case contentChanged = "update-changed-while-checked"
    }

    public var isFatal: Bool { severity == .fatal }
    public var description: String { "\(path): \(slug): \(message)" }
}
