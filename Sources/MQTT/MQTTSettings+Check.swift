#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

extension MQTTSettings {
    /// - Throws: ``MQTTError/Code/settingsInvalid``, or what is wrong with the last will.
    func check() throws(MQTTError) {
        guard (1...255).contains(host.utf8.count), !host.utf8.contains(0), (1...65535).contains(port) else {
            throw MQTTError(.settingsInvalid, "\(String(host.prefix(80)).debugDescription):\(port) is no broker; write HOST:PORT")
        }
        guard (1...128).contains(clientID.utf8.count), !clientID.utf8.contains(0) else {
            throw MQTTError(.settingsInvalid, "a client id has 1 to 128 bytes; choose another")
        }
        guard (5...65535).contains(keepAlive.components.seconds), (0...0xFFFF_FFFE).contains(sessionLifetime.components.seconds),
            firstPause > .zero, firstPause <= longestPause
        else {
            throw MQTTError(
                .settingsInvalid, "keep-alive is 5 to 65535 seconds, and the first pause more than nothing and at most the longest")
        }
        try will?.check(largestPayload: min(limits.largestPayload, 65535))
        if case .tls(let authorities, let certificate, let key) = security {
            guard (certificate == nil) == (key == nil) else {
                throw MQTTError(.settingsInvalid, "a certificate needs its key, and a key its certificate; give both")
            }
            for path in [authorities, certificate, key].compactMap({ $0 }) where access(path, R_OK) != 0 {
                throw MQTTError(
                    .settingsInvalid, "\(path) cannot be read (\(String(cString: strerror(errno)))); check the path, its owner and its mode"
                )
            }
        }
    }
}
