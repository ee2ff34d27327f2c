/// Something that is wrong with a repository, and where.
public struct ObjectFinding: Hashable, Sendable, CustomStringConvertible {
    /// Relative to the repository.
    public let path: String
    public let code: OSTreeError.Code
    /// What is wrong and how to mend it.
    public let message: String

    init(_ path: String, _ error: OSTreeError) {
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
