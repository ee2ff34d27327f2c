import CMosquitto

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Wakes the client's thread out of poll.
final class Wake: Sendable {
    let descriptor: CInt

    init() throws(MQTTError) {
        descriptor = cmosquitto_wake_descriptor()
        guard descriptor >= 0 else {
            throw MQTTError(
                .libraryFailed, "no descriptor is left (\(String(cString: strerror(errno)))); raise the limit of open files")
        }
    }

    deinit { close(descriptor) }

    /// A full counter is as good as a raised one.
    func raise() {
        var one: UInt64 = 1
        _ = write(descriptor, &one, 8)
    }

    func clear() {
        var count: UInt64 = 0
        _ = read(descriptor, &count, 8)
    }
}
