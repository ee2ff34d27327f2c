import Glibc

/// The place of a Unix socket that only its owner may open.
///
/// A socket appears with the mode that the process's umask leaves, and changing the mode comes later. So it is bound
/// inside a directory that nobody else can enter, and moved to its place when its mode is right.
struct UnixSocketPlace: Sendable {
    let path: String

    private var nursery: String { path + ".d" }
    private var born: String { nursery + "/s" }

    /// Returns the path to bind. Throws when something other than a socket lies at the place.
    func prepare() throws(UnixSocketError) -> String {
        var found = stat()
        if lstat(path, &found) == 0, found.st_mode & S_IFMT != S_IFSOCK {
            throw UnixSocketError(message: "\(path) is no socket; remove it or choose another path")
        }
        unlink(born)
        rmdir(nursery)
        guard mkdir(nursery, 0o700) == 0 else { throw UnixSocketError(errno: errno, doing: "create", at: nursery) }
        return born
    }

    /// Puts the bound socket at its place, in one step; a stale one that lies there is replaced.
    func publish() throws(UnixSocketError) {
        guard chmod(born, 0o600) == 0 else { throw UnixSocketError(errno: errno, doing: "change the mode of", at: born) }
        guard rename(born, path) == 0 else { throw UnixSocketError(errno: errno, doing: "move to its place", at: path) }
        rmdir(nursery)
    }

    func remove() {
        unlink(path)
        unlink(born)
        rmdir(nursery)
    }
}

/// Why the socket cannot be offered.
struct UnixSocketError: Error, CustomStringConvertible {
    let message: String

    init(message: String) { self.message = message }

    init(errno number: Int32, doing action: String, at path: String) {
        message = "cannot \(action) \(path): \(String(cString: strerror(number))); check the directory and its owner"
    }

    var description: String { "admin-socket-failed: \(message)" }
}
