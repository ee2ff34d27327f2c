import CMosquitto

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The connection to the broker, as the client's thread lives it: connect, serve, pause, again.
///
/// The library is driven from outside (`mosquitto_loop_read`, `_write`, `_misc`) around our own poll: its own loop waits with
/// select, which ends at 1,024 descriptors, and it leaves its loop for good after errors that pass.
///
/// Everything here, the library's callbacks too, runs on the one thread that called ``run()``.
final class Connection {
    let settings: MQTTSettings
    let inbox: Inbox
    let outbox: Outbox
    let wake: Wake
    let event: (MQTTEvent) -> Void

    private var handle: OpaquePointer?
    private var backOff: BackOff
    private var wasStarted = false
    private(set) var isConnected = false
    /// Why the connection ended or did not come about, as far as a callback knows it.
    var reason: MQTTError?
    /// The library's last words about an error; TLS failures are told nowhere else.
    var complaint: String?

    /// What waits for the broker's word, by the library's number.
    var published: [CInt: Publication] = [:]
    var subscribing: [CInt: String] = [:]
    var subscriptions: [Subscription] = []

    struct Publication {
        let topic: String
        let weight: Int
        let completion: Completion?
    }

    struct Subscription {
        let filter: String
        let quality: MQTTMessage.Quality
        /// Nil once the broker has agreed.
        var completion: Completion?
    }

    /// The longest that poll waits: so often the library looks whether the broker still lives.
    private static let tick: CInt = 250
    /// Packets read before anything else has its turn.
    private static let readsAtOnce = 64

    init(settings: MQTTSettings, inbox: Inbox, outbox: Outbox, wake: Wake, event: @escaping (MQTTEvent) -> Void) {
        self.settings = settings
        self.inbox = inbox
        self.outbox = outbox
        self.wake = wake
        self.event = event
        backOff = BackOff(first: settings.firstPause, longest: settings.longestPause)
    }

    func run() {
        // Signals are for other threads; a broken pipe is an error that a call returns.
        var signals = sigset_t()
        sigfillset(&signals)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        do throws(MQTTError) {
            handle = try makeHandle()
        } catch {
            event(.disconnected(error))
        }
        while let handle, !outbox.isStopping {
            reason = nil
            complaint = nil
            let code = connect(handle)
            let ended = code == 0 ? serve(handle) : code
            isConnected = false
            // A goodbye of ours is no loss.
            guard !outbox.isStopping else { break }
            event(.disconnected(reason ?? error(ended)))
            pause(backOff.next(chance: Double.random(in: 0...1)))
        }
        close()
    }

    // MARK: Connecting

    private func connect(_ handle: OpaquePointer) -> CInt {
        guard !wasStarted else { return mosquitto_reconnect(handle) }
        var properties: OpaquePointer?
        defer { mosquitto_property_free_all(&properties) }
        mosquitto_property_add_int32(
            &properties, CInt(MQTT_PROP_SESSION_EXPIRY_INTERVAL.rawValue), UInt32(settings.sessionLifetime.components.seconds))
        // The largest payload with its longest topic and header.
        mosquitto_property_add_int32(
            &properties, CInt(MQTT_PROP_MAXIMUM_PACKET_SIZE.rawValue), UInt32(clamping: settings.limits.largestPayload + (66 << 10)))
        let code = mosquitto_connect_bind_v5(
            handle, settings.host, CInt(settings.port), CInt(settings.keepAlive.components.seconds), nil, properties)
        // What it was told is kept also when nobody answered.
        wasStarted = code != Library.code(MOSQ_ERR_INVAL) && code != Library.code(MOSQ_ERR_NOMEM)
        return code
    }

    func connected(hadSession: Bool) {
        isConnected = true
        backOff.reset()
        event(.connected(hadSession: hadSession))
        // The broker may have lost them.
        if let handle { for index in subscriptions.indices { subscribe(handle, index) } }
    }

    private func pause(_ pause: Duration) {
        let end = ContinuousClock.now + pause
        while !outbox.isStopping {
            let left = (end - .now) / .milliseconds(1)
            guard left > 0 else { return }
            var descriptors = [pollfd(fd: wake.descriptor, events: Int16(POLLIN), revents: 0)]
            poll(&descriptors, 1, CInt(left.rounded(.up)))
            wake.clear()
        }
    }

    // MARK: Connected

    /// Until the connection ends or the client is stopped.
    private func serve(_ handle: OpaquePointer) -> CInt {
        var farewell: ContinuousClock.Instant?
        while true {
            if isConnected { carryOut(handle) }
            if outbox.isStopping {
                let end = farewell ?? .now + MQTTClient.farewell
                farewell = end
                if !isConnected || outbox.waiting == 0 || ContinuousClock.now >= end { return 0 }
            }
            let code = turn(handle, timeout: farewell == nil ? Self.tick : 20)
            guard code == 0, mosquitto_socket(handle) >= 0 else { return code }
        }
    }

    private func turn(_ handle: OpaquePointer, timeout: CInt) -> CInt {
        let mayRead = inbox.hasRoom
        let events = (mayRead ? Int16(POLLIN) : 0) | (mosquitto_want_write(handle) ? Int16(POLLOUT) : 0)
        // Without a wish the socket is left out: a closed one would end poll at once, again and again.
        var descriptors = [
            pollfd(fd: events == 0 ? -1 : mosquitto_socket(handle), events: events, revents: 0),
            pollfd(fd: wake.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        poll(&descriptors, 2, timeout)
        if descriptors[1].revents != 0 { wake.clear() }
        var code = mayRead ? read(handle) : 0
        if code == 0, mosquitto_want_write(handle) { code = mosquitto_loop_write(handle, 1) }
        return code == 0 ? mosquitto_loop_misc(handle) : code
    }

    /// Also when poll saw nothing: TLS may have decrypted more than was asked for.
    private func read(_ handle: OpaquePointer) -> CInt {
        for _ in 0..<Self.readsAtOnce {
            errno = 0
            let code = mosquitto_loop_read(handle, 1)
            let isDrained = errno == EAGAIN
            guard code == 0 else { return code }
            if isDrained || !inbox.hasRoom || mosquitto_socket(handle) < 0 { break }
        }
        return 0
    }

    private func carryOut(_ handle: OpaquePointer) {
        for command in outbox.takeAll() {
            switch command {
            case .publish(let message, let completion): publish(handle, message, completion)
            case .subscribe(let filter, let quality, let completion):
                subscriptions.append(Subscription(filter: filter, quality: quality, completion: completion))
                subscribe(handle, subscriptions.count - 1)
            }
        }
    }

    private func publish(_ handle: OpaquePointer, _ message: MQTTMessage, _ completion: Completion?) {
        let publication = Publication(topic: message.topic, weight: message.weight, completion: completion)
        var number: CInt = 0
        let code = mosquitto_publish_v5(
            handle, &number, message.topic, CInt(message.payload.count), message.payload, message.quality.rawValue, message.isRetained, nil)
        // The library keeps one that must arrive and sends it again on the next connection.
        let isKept =
            message.quality == .atLeastOnce && [MOSQ_ERR_NO_CONN, MOSQ_ERR_CONN_LOST, MOSQ_ERR_ERRNO].map(Library.code).contains(code)
        if code == 0 || isKept {
            // The callback of a message that needs no acknowledgement may have come already.
            if acknowledgedEarly.remove(number) != nil {
                settle(publication, nil)
            } else {
                published[number] = publication
            }
        } else {
            settle(publication, error(code))
        }
    }

    /// Numbers whose callback came while the message was being handed over.
    var acknowledgedEarly: Set<CInt> = []

    func settle(_ publication: Publication, _ problem: MQTTError?) {
        outbox.settle(weight: publication.weight)
        if let completion = publication.completion {
            completion.finish(problem.map(Result.failure) ?? .success(()))
        } else if let problem {
            event(.notDelivered(topic: publication.topic, problem))
        }
    }

    private func subscribe(_ handle: OpaquePointer, _ index: Int) {
        var number: CInt = 0
        let subscription = subscriptions[index]
        let code = mosquitto_subscribe_v5(handle, &number, subscription.filter, subscription.quality.rawValue, 0, nil)
        if code == 0 {
            subscribing[number] = subscription.filter
        } else {
            subscription.completion?.finish(.failure(error(code)))
        }
    }

    // MARK: The end

    private func close() {
        if let handle {
            if isConnected || mosquitto_socket(handle) >= 0 {
                mosquitto_disconnect(handle)
                _ = mosquitto_loop_write(handle, 1)
            }
            mosquitto_destroy(handle)
        }
        handle = nil
        for publication in published.values { settle(publication, Outbox.stopped) }
        for subscription in subscriptions { subscription.completion?.finish(.failure(Outbox.stopped)) }
    }
}
