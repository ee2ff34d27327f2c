/// Something that is wrong with the apps of an update, and where.
public struct BlobFinding: Hashable, Sendable, CustomStringConvertible {
    /// Relative to `apps/`.
    public let path: String
    public let code: OCIError.Code
    /// What is wrong and how to mend it.
    public let message: String

    init(_ path: String, _ error: OCIError) {
        // A stranger named the file: nothing in it may act upon a terminal or a log.
        let isCommand: (Unicode.Scalar) -> Bool = { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) }
        let path = String(String.UnicodeScalarView(path.unicodeScalars.map { isCommand($0) ? "?" : $0 }))
        self.path = path
        code = error.code
        message = "\(path): \(error.message)\(error.code.remedy)"
    }

    public var isWarning: Bool { code.isWarning }

    public var description: String { "\(code.rawValue): \(message)" }
}
