#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Writing small files so that a reader, or a machine that stops, finds the old content or the new one and never a part.
///
/// Each file is written beside its place under a name that begins with a dot, synced, and then put in its place
/// in one step; the directory is synced after it.
struct FileWriting: Sendable {
    /// A moment at which the machine might stop; tests look at the directory in each of them.
    enum Step: Sendable, Equatable {
        case written(temporary: String)
        case inPlace(String)
    }

    var observer: (@Sendable (Step) -> Void)?

    /// Who may read a file.
    enum Readers: Sendable {
        case ownerOnly, everybody

        fileprivate var mode: mode_t { self == .ownerOnly ? 0o600 : 0o644 }
    }

    /// Writes a file that must not exist; an existing one is left as it is, and the error says so.
    func create(_ path: String, _ content: some Collection<UInt8>, for readers: Readers) throws(DeviceAuthError) {
        let temporary = try writeTemporary(path, Array(content), for: readers)
        defer { unlink(temporary) }
        // link fails when the name is taken, which rename does not.
        if link(temporary, path) != 0 {
            guard [EPERM, EOPNOTSUPP, ENOSYS].contains(errno) else { throw SystemCall.error("create", path) }
            try Self.claim(path, for: readers, andMove: temporary)
        }
        observer?(.inPlace(path))
        try Self.syncDirectory(of: path)
    }

    /// Where there are no hard links, as on a USB stick with FAT: takes the name first, then moves the file over it.
    ///
    /// Stopped in between, an empty file remains; an existing one is never touched.
    static func claim(_ path: String, for readers: Readers, andMove temporary: String) throws(DeviceAuthError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, readers.mode)
        guard descriptor >= 0 else { throw SystemCall.error("create", path) }
        close(descriptor)
        guard rename(temporary, path) == 0 else { throw SystemCall.error("create", path) }
    }

    /// Writes a file in the place of the one that is there, if any.
    func replace(_ path: String, _ content: some Collection<UInt8>, for readers: Readers) throws(DeviceAuthError) {
        let temporary = try writeTemporary(path, Array(content), for: readers)
        guard rename(temporary, path) == 0 else {
            let error = SystemCall.error("replace", path)
            unlink(temporary)
            throw error
        }
        observer?(.inPlace(path))
        try Self.syncDirectory(of: path)
    }

    private func writeTemporary(_ path: String, _ content: [UInt8], for readers: Readers) throws(DeviceAuthError)
        -> String
    {
        let temporary = Self.temporaryName(for: path)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, readers.mode)
        guard descriptor >= 0 else { throw SystemCall.error("write", path) }
        do throws(DeviceAuthError) {
            defer { close(descriptor) }
            try Self.write(content, to: descriptor, path)
            guard fsync(descriptor) == 0 else { throw SystemCall.error("write", path) }
        } catch {
            unlink(temporary)
            throw error
        }
        observer?(.written(temporary: temporary))
        return temporary
    }

    private static func write(_ content: [UInt8], to descriptor: CInt, _ path: String) throws(DeviceAuthError) {
        var written = 0
        while written < content.count {
            let count = SystemCall.retrying {
                content[written...].withUnsafeBytes { Self.systemWrite(descriptor, $0) }
            }
            guard count > 0 else { throw SystemCall.error("write", path) }
            written += count
        }
    }

    private static func systemWrite(_ descriptor: CInt, _ bytes: UnsafeRawBufferPointer) -> Int {
        #if canImport(Glibc)
            Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        #elseif canImport(Musl)
            Musl.write(descriptor, bytes.baseAddress, bytes.count)
        #else
            Darwin.write(descriptor, bytes.baseAddress, bytes.count)
        #endif
    }

    static func temporaryName(for path: String) -> String {
        let (directory, name) = split(path)
        return "\(directory)/.\(name).\(String(UInt64.random(in: .min ... .max), radix: 16)).new"
    }

    static func syncDirectory(of path: String) throws(DeviceAuthError) {
        let directory = split(path).directory
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemCall.error("open", directory) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw SystemCall.error("sync", directory) }
    }

    static func split(_ path: String) -> (directory: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return (".", path) }
        let directory = path[..<slash]
        return (directory.isEmpty ? "/" : String(directory), String(path[path.index(after: slash)...]))
    }
}
