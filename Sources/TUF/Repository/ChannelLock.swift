import FileTree
import Glibc

/// One writer at a time in a channel's folder: two would sign different files with the same version.
struct ChannelLock {
    static let fileName = "lock"
    /// Making RSA keys takes seconds.
    static let patience = Duration.seconds(20)

    private let descriptor: Descriptor

    /// Waits for another writer, but not for ever: one that hangs is named rather than waited for.
    static func take(_ directory: Directory, patience: Duration = patience) throws(TUFError) -> ChannelLock {
        let deadline = ContinuousClock.now + patience
        while true {
            do {
                return ChannelLock(descriptor: try directory.lock(fileName))
            } catch {
                guard error.code == .inUse else { throw TUFError(.storage, error.message) }
                guard ContinuousClock.now < deadline else {
                    throw TUFError(.channelBusy, "another process is writing in \(directory.path); try again when it is done")
                }
            }
            usleep(20_000)
        }
    }

    /// Runs `body` as the only writer.
    static func holding<Value>(
        _ directory: Directory, patience: Duration = patience, _ body: () throws(TUFError) -> Value
    ) throws(TUFError) -> Value {
        let lock = try take(directory, patience: patience)
        let outcome = Result { () throws(TUFError) in try body() }
        withExtendedLifetime(lock.descriptor) {}
        return try outcome.get()
    }
}
