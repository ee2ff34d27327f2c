import DeviceAuth
import Fleet
import NIOCore

/// What is to be done about a request.
enum Action: Sendable {
    case respond(Response)
    /// The answer needs somebody else first.
    case later(EventLoopFuture<Action>)
    /// Collect the body, at most `limit` bytes, then ask again. The devices' budget unless another is named.
    case collect(limit: Int, budget: BodyBudget? = nil, then: @Sendable (ByteBuffer) -> EventLoopFuture<Response>)
}

/// Answers the requests of devices: who may, what it names, what it gets. Knows no protocol and no connection.
struct Responder: Answering {
    let loop: LoopContext
    let session: DeviceSession

    static let updateAbsent = Problem.updateMissing

    func answer(_ request: RequestHead) -> Action {
        if request.headerBytes > loop.limits.headerBytes { return refuse(.headTooLarge, closes: true) }
        let route = Route(target: request.target)
        if case .registry(let digest, let isManifest, let token)? = route, token != nil || session.entry == nil {
            return registry(digest, isManifest: isManifest, token: token, request)
        }
        switch session.stand(in: loop) {
        case .anonymous: return refuse(.certificateRequired)
        case .refused(let problem):
            loop.logger.info("request_refused", metadata: ["slug": "\(problem.slug)", "detail": "\(problem.detail)"])
            return refuse(problem)
        case .enroll(let device): return enroll(device, request)
        case .ready(let device): return answer(request, device: device, route: route)
        }
    }

    /// Stores a device at its first contact, then answers.
    private func enroll(_ device: DeviceIdentity, _ request: RequestHead) -> Action {
        let registry = loop.services.registry
        let stored = loop.loop.makePromise(of: Void.self)
        let tag = (try? request.checkIn.parse())?.tag ?? nil
        stored.completeWithTask { _ = try await registry.enroll(device, tag: tag) }
        let action = stored.futureResult.map { () -> Action in
            loop.logger.info("device_enrolled", metadata: ["device": "\(device.id)"])
            return answer(request)
        }.flatMapErrorThrowing { error in
            // One that waits comes again and again; it is in the list that operators look at.
            let isWaiting = (error as? FleetError)?.code == .devicePending
            loop.logger.log(
                level: isWaiting ? .info : .warning, "device_not_enrolled",
                metadata: ["device": "\(device.id)", "reason": "\(error)"])
            return refuse(Problem(error))
        }
        return .later(action)
    }

    private func answer(_ request: RequestHead, device: DeviceIdentity, route: Route?) -> Action {
        do throws(Problem) {
            if let news = try session.checkIn(request.checkIn, device, loop) { note(news, of: device.id) }
            guard let route else { throw Problem.notFound }
            return try answer(route, request, device)
        } catch {
            return refuse(error)
        }
    }

    private func note(_ news: RolloutNews, of device: DeviceID) {
        let intake = loop.services.intake
        let logger = loop.logger
        Task {
            do {
                try await intake.note(news, of: device)
            } catch {
                logger.warning("contact_not_stored", metadata: ["device": "\(device)", "reason": "\(error)"])
            }
        }
    }

    private func answer(_ route: Route, _ request: RequestHead, _ device: DeviceIdentity) throws(Problem) -> Action {
        switch (route, request.method) {
        case (.content(let content), .get), (.content(let content), .head):
            return try self.content(content, in: session.updatePath(in: loop), request)
        case (.registry(let digest, let isManifest, _), .get), (.registry(let digest, let isManifest, _), .head):
            return try blob(digest, isManifest: isManifest, in: session.updatePath(in: loop), request)
        case (.snap(let digest, let part), .get), (.snap(let digest, let part), .head): return try snap(digest, part, request, device)
        case (.downloadURLs, .post): return .collect(limit: 1 << 10) { _ in loop.done(.noContent) }
        case (.appProxyURL, .post): return .collect(limit: 1 << 10) { _ in loop.done(appProxyURL(request, device)) }
        case (.device, .get), (.device, .head): return .respond(deviceInfo(device))
        case (.report(let report), .put): return store(report, of: device.id)
        case (.events, .post): return events(from: device.id)
        case (.appsStates, .post): return appsStates(from: device.id)
        case (.configuration, .get), (.configuration, .head): return configuration(request)
        case (.configuration, .patch): return changeConfiguration(of: device.id)
        case (.ownConfiguration, .get), (.ownConfiguration, .head): return ownConfiguration()
        case (.ecus, .put): return .collect(limit: 64 << 10) { _ in loop.done(.ok) }
        case (.tests, .post): return startTest(of: device.id)
        case (.test(let id), .put): return finishTest(id, of: device.id, request)
        case (.testFile(let id, let name), .put): return storeTestFile(id, name, of: device.id)
        case (.heartbeat, .post): return heartbeat(of: device.id)
        case (.snapAnswers, .post): return snapAnswer(of: device.id)
        case (.hubCredentials, .get): throw .notFound
        case (.site, _): throw .siteCertificateRequired
        default: throw .methodNotAllowed
        }
    }
}

extension LoopContext {
    func done(_ response: Response) -> EventLoopFuture<Response> {
        loop.makeSucceededFuture(response)
    }
}
