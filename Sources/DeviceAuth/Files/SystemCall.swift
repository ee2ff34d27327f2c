#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A failed system call as a named error with a remedy.
enum SystemCall {
    static func error(_ doing: String, _ path: String, _ number: CInt = errno) -> DeviceAuthError {
        let reason = String(cString: strerror(number))
        return switch number {
        case ENOENT, ENOTDIR:
            DeviceAuthError(
                .fileMissing, "\(path) is missing: create the certificates with 'pki init', or check --datadir")
        case EACCES, EPERM, EROFS:
            DeviceAuthError(
                .notPermitted, "can not \(doing) \(path) (\(reason)): run as the user that owns it, or mend its mode")
        case ENOSPC, EDQUOT:
            DeviceAuthError(
                .diskFull, "can not \(doing) \(path) (\(reason)): free some space and run the command again")
        case EEXIST, ENOTEMPTY:
            DeviceAuthError(
                .alreadyExists, "\(path) exists and is never overwritten: move it away, or choose another place")
        default:
            DeviceAuthError(
                .inputOutput, "can not \(doing) \(path): \(reason); check the disk and run the command again")
        }
    }

    /// Repeats a call that a signal interrupted.
    static func retrying(_ call: () -> Int) -> Int {
        while true {
            let result = call()
            if result != -1 || errno != EINTR { return result }
        }
    }
}
