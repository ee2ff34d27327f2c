#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Reading small files whole, with a bound.
enum FileReading {
    static func content(_ path: String, limit: Int) throws(DeviceAuthError) -> [UInt8] {
        // O_NONBLOCK: a named pipe in the place of a file must not hold the server up.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw SystemCall.error("read", path) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw SystemCall.error("read", path) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw DeviceAuthError(.inputOutput, "\(path) is not a regular file: put a file there")
        }
        var content: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = SystemCall.retrying { read(descriptor, &buffer, buffer.count) }
            guard count >= 0 else { throw SystemCall.error("read", path) }
            if count == 0 { return content }
            content.append(contentsOf: buffer[..<count])
            guard content.count <= limit else {
                throw DeviceAuthError(
                    .fileTooLarge, "\(path) is larger than \(limit) bytes: check that it is the file you mean")
            }
        }
    }

    /// The names in a directory, sorted.
    static func names(_ path: String, orEmptyIfAbsent: Bool) throws(DeviceAuthError) -> [String] {
        guard let directory = opendir(path) else {
            if orEmptyIfAbsent && errno == ENOENT { return [] }
            throw SystemCall.error("list", path)
        }
        defer { closedir(directory) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = readdir(directory) else {
                guard errno == 0 else { throw SystemCall.error("list", path) }
                return names.sorted()
            }
            let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: tuple.pointee)) {
                    String(cString: $0)
                }
            }
            if name != "." && name != ".." { names.append(name) }
        }
    }

    static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    /// Whether others than the owner may read the file.
    static func isReadableByOthers(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & 0o077 != 0
    }
}
