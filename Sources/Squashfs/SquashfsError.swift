/// Why a squashfs image was refused.
public struct SquashfsError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Code: String, CaseIterable, Sendable {
        /// Not squashfs 4.0, or a superblock that contradicts itself.
        case imageInvalid = "squashfs-invalid"
        /// Compressed by what is not read here.
        case compressionUnsupported = "squashfs-compression-unsupported"
        /// A table or a block lies outside, does not expand, or says what cannot be.
        case imageDamaged = "squashfs-damaged"
        case fileMissing = "squashfs-file-missing"
        case fileTooLarge = "squashfs-file-too-large"
        case readFailed = "squashfs-read-failed"
    }

    public let code: Code
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { "\(code.rawValue): \(message)" }

    static func damaged(_ what: String) -> SquashfsError {
        SquashfsError(.imageDamaged, "the image is damaged: \(what); fetch it again")
    }
}
