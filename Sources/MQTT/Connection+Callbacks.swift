import CMosquitto

extension Connection {
    /// The library's object with everything set that stays as it is.
    func makeHandle() throws(MQTTError) -> OpaquePointer {
        guard Library.isReady, let handle = mosquitto_new(settings.clientID, false, Unmanaged.passUnretained(self).toOpaque()) else {
            throw MQTTError(.libraryFailed, "libmosquitto could not make a client; look at the memory that is left")
        }
        do throws(MQTTError) {
            // Version 5: only there the broker says no to a message, and knows the largest that we take.
            try check(mosquitto_int_option(handle, MOSQ_OPT_PROTOCOL_VERSION, CInt(MQTT_PROTOCOL_V5)))
            try check(mosquitto_int_option(handle, MOSQ_OPT_TCP_NODELAY, 1))
            try secure(handle)
            if let will = settings.will {
                try check(
                    mosquitto_will_set(
                        handle, will.topic, CInt(will.payload.count), will.payload, will.quality.rawValue, will.isRetained))
            }
        } catch {
            mosquitto_destroy(handle)
            throw error
        }
        setCallbacks(handle)
        return handle
    }

    private func check(_ code: CInt) throws(MQTTError) {
        guard code == 0 else { throw error(code) }
    }

    private func secure(_ handle: OpaquePointer) throws(MQTTError) {
        guard case .tls(let authorities, let certificate, let key) = settings.security else { return }
        // A key under a passphrase is refused; without this the terminal would be asked.
        try check(mosquitto_tls_set(handle, authorities, nil, certificate, key) { _, _, _, _ in 0 })
        // 1: the broker must prove itself; the version is the oldest that is spoken.
        try check(mosquitto_tls_opts_set(handle, 1, "tlsv1.2", nil))
    }

    // The callbacks cannot capture: they find their connection in the pointer that `makeHandle` gave, which lives as long as
    // `run()`, and so as long as the handle.
    private func setCallbacks(_ handle: OpaquePointer) {
        mosquitto_connect_v5_callback_set(handle) { _, pointer, code, flags, _ in
            Connection.at(pointer)?.answered(code, hadSession: flags & 1 == 1)
        }
        mosquitto_disconnect_v5_callback_set(handle) { _, pointer, code, _ in Connection.at(pointer)?.closed(code) }
        mosquitto_publish_v5_callback_set(handle) { _, pointer, number, code, _ in Connection.at(pointer)?.acknowledged(number, code) }
        mosquitto_subscribe_v5_callback_set(handle) { _, pointer, number, count, granted, _ in
            Connection.at(pointer)?.subscribed(number, isGranted: count > 0 && granted.map { $0.pointee < 0x80 } ?? false)
        }
        mosquitto_message_v5_callback_set(handle) { _, pointer, message, _ in
            if let message { Connection.at(pointer)?.received(message.pointee) }
        }
        mosquitto_log_callback_set(handle) { _, pointer, level, text in
            guard level == CInt(MOSQ_LOG_ERR), let text else { return }
            Connection.at(pointer)?.complaint = String(cString: text)
        }
    }

    private static func at(_ pointer: UnsafeMutableRawPointer?) -> Connection? {
        pointer.map { Unmanaged<Connection>.fromOpaque($0).takeUnretainedValue() }
    }

    private func answered(_ code: CInt, hadSession: Bool) {
        guard code == 0 else {
            reason = MQTTError(
                .refused,
                "the broker \(settings.host):\(settings.port) refuses the client \(settings.clientID) (\(Library.reason(code))); look at its log, its list of users and the certificate"
            )
            return
        }
        connected(hadSession: hadSession)
    }

    /// Codes from 0x80 are the broker's own.
    private func closed(_ code: CInt) {
        guard code >= 0x80, reason == nil else { return }
        reason = MQTTError(
            .connectionLost, "the broker \(settings.host):\(settings.port) ended the connection (\(Library.reason(code))); look at its log")
    }

    private func acknowledged(_ number: CInt, _ code: CInt) {
        guard let publication = published.removeValue(forKey: number) else {
            acknowledgedEarly.insert(number)
            return
        }
        guard code >= 0x80 else { return settle(publication, nil) }
        settle(
            publication,
            MQTTError(
                .refused, "the broker does not take a message for \(publication.topic) (\(Library.reason(code))); look at its access list"))
    }

    private func subscribed(_ number: CInt, isGranted: Bool) {
        guard let filter = subscribing.removeValue(forKey: number) else { return }
        event(isGranted ? .subscribed(filter: filter) : .subscriptionRefused(filter: filter))
        for index in subscriptions.indices where subscriptions[index].filter == filter {
            subscriptions[index].completion?.finish(
                isGranted
                    ? .success(())
                    : .failure(MQTTError(.refused, "the broker refuses the subscription to \(filter); look at its access list")))
            subscriptions[index].completion = nil
        }
    }

    private func received(_ message: mosquitto_message) {
        guard let topic = message.topic else { return }
        let bytes = UnsafeRawBufferPointer(start: message.payload, count: Int(max(0, message.payloadlen)))
        let isTaken = inbox.put(
            MQTTMessage(
                topic: String(decoding: UnsafeRawBufferPointer(start: topic, count: topic.length), as: UTF8.self),
                payload: message.payload == nil ? [] : Array(bytes), quality: message.qos == 0 ? .atMostOnce : .atLeastOnce,
                isRetained: message.retain))
        if !isTaken { event(.dropped(total: inbox.dropped)) }
    }
}

extension UnsafeMutablePointer<CChar> {
    /// Bytes before the terminating zero.
    fileprivate var length: Int {
        var count = 0
        while self[count] != 0 { count += 1 }
        return count
    }
}
