#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Making directories, and keeping two writers of one directory apart.
enum DirectoryWriting {
    /// Makes the directory `path` with everything in it in one step: it is filled under another name and then renamed.
    ///
    /// - Parameter fill: writes the files below the path it is given.
    static func create(
        _ path: String, mode: mode_t, fill: (_ staging: String) throws(DeviceAuthError) -> Void
    ) throws(DeviceAuthError) {
        let staging = FileWriting.temporaryName(for: path)
        guard mkdir(staging, mode) == 0 else { throw SystemCall.error("create", path) }
        do throws(DeviceAuthError) {
            try fill(staging)
            // Replaces an empty directory, and fails when there is anything in it.
            guard rename(staging, path) == 0 else { throw SystemCall.error("create", path) }
        } catch {
            for name in (try? FileReading.names(staging, orEmptyIfAbsent: true)) ?? [] { unlink(staging + "/" + name) }
            rmdir(staging)
            throw error
        }
        try FileWriting.syncDirectory(of: path)
    }

    static func createIfMissing(_ path: String, mode: mode_t) throws(DeviceAuthError) {
        if mkdir(path, mode) == 0 {
            try FileWriting.syncDirectory(of: path)
        } else if errno != EEXIST {
            throw SystemCall.error("create", path)
        }
    }

    /// Runs `body` while no other process runs one for the same directory; the lock ends with the process.
    static func locked<Result>(_ path: String, _ body: () throws(DeviceAuthError) -> Result) throws(DeviceAuthError)
        -> Result
    {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemCall.error("open", path) }
        defer { close(descriptor) }
        guard SystemCall.retrying({ Int(flock(descriptor, LOCK_EX)) }) == 0 else {
            throw SystemCall.error("lock", path)
        }
        return try body()
    }
}
