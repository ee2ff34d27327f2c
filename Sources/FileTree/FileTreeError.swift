import Glibc

/// Why an operation on the file tree failed.
///
/// The slug is stable; the message says what went wrong, where, and how to mend it.
public struct FileTreeError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        case notFound = "file-not-found"
        case alreadyExists = "file-exists"
        /// A symlink, a device, or a path that leads out of the tree.
        case notPlain = "file-not-plain"
        case notPermitted = "file-not-permitted"
        case full = "storage-full"
        /// Only for calls that must not wait: the answer is not in the kernel's caches.
        case notCached = "file-not-cached"
        case tooLarge = "file-too-large"
        case inUse = "file-in-use"
        case failed = "file-failed"
    }

    public let code: Code
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The error of a failed system call.
    public init(errno number: Int32, doing action: String, at path: String) {
        let code: Code =
            switch number {
            case ENOENT, ENOTDIR, ENAMETOOLONG: .notFound
            case EEXIST, ENOTEMPTY: .alreadyExists
            case ELOOP, EXDEV, ENXIO: .notPlain
            case EACCES, EPERM, EROFS: .notPermitted
            case ENOSPC, EDQUOT: .full
            case EAGAIN: .notCached
            default: .failed
            }
        let remedy =
            switch code {
            case .notPlain: "; put a plain file or directory there, not a link"
            case .notPermitted: "; check the owner and the mode"
            case .full: "; free some space"
            default: ""
            }
        self.init(code, "cannot \(action) \(path): \(String(cString: strerror(number)))\(remedy)")
    }

    public var description: String { "\(code.rawValue): \(message)" }
}
