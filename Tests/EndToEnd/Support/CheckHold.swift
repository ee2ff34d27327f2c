import Foundation

/// Keeps the server from checking updates until it is released: checks share a lock that others may take.
final class CheckHold {
    private let lock: FileHandle

    init(_ server: TestServer) throws {
        let path = "\(server.datadir)/import.lock"
        let number = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        lock = FileHandle(fileDescriptor: number, closeOnDealloc: true)
        guard number >= 0, flock(number, LOCK_EX) == 0 else { throw CocoaError(.fileLocking) }
    }

    func release() { try? lock.close() }
}
