import CMosquitto

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

extension Connection {
    /// The library's code as an error of ours. Call it at once: it may need `errno`.
    func error(_ code: CInt) -> MQTTError {
        let number = errno
        let broker = "\(settings.host):\(settings.port)"
        if let complaint, code == Library.code(MOSQ_ERR_TLS) || Self.isAboutTLS(complaint) { return tlsFailure(complaint) }
        switch code {
        // The library's word for a handshake that the broker ended.
        case Library.code(MOSQ_ERR_ERRNO) where number == EPROTO: return tlsFailure("the broker ended the handshake")
        case Library.code(MOSQ_ERR_ERRNO):
            return MQTTError(
                .unreachable,
                "no connection to \(broker) (\(String(cString: strerror(number)))); check the address, and that the broker runs")
        case Library.code(MOSQ_ERR_EAI):
            return MQTTError(.unreachable, "the name \(settings.host) is not known; check it and this machine's name servers")
        case Library.code(MOSQ_ERR_TLS): return tlsFailure("no reason is known")
        case Library.code(MOSQ_ERR_CONN_REFUSED):
            return MQTTError(.refused, "the broker \(broker) refuses the connection; look at its log")
        case Library.code(MOSQ_ERR_SUCCESS), Library.code(MOSQ_ERR_NO_CONN), Library.code(MOSQ_ERR_CONN_LOST),
            Library.code(MOSQ_ERR_KEEPALIVE):
            return MQTTError(.connectionLost, "the connection to \(broker) was lost; it is tried again, look at the broker's log")
        case Library.code(MOSQ_ERR_OVERSIZE_PACKET), Library.code(MOSQ_ERR_PAYLOAD_SIZE):
            return MQTTError(.payloadTooLarge, "the message is larger than \(broker) takes; send less at once, or raise its limit")
        default:
            return MQTTError(.libraryFailed, "libmosquitto says: \(Library.words(code)); look at the settings of \(broker)")
        }
    }

    private static func isAboutTLS(_ complaint: String) -> Bool {
        ["OpenSSL", "TLS", "verification", "certificate"].contains { complaint.contains($0) }
    }

    private func tlsFailure(_ complaint: String) -> MQTTError {
        let words = complaint.hasPrefix("Error: ") ? String(complaint.dropFirst(7)) : complaint
        return MQTTError(
            .tlsFailed,
            "no secure connection to \(settings.host):\(settings.port) (\(words)); check that the broker's certificate is for this name and from the authorities given, and that it takes our certificate"
        )
    }
}
