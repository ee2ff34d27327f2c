import Fleet
import Hummingbird
import Logging
import NIOCore
import Snaps
import Synchronization

/// Answers `POST /v1/device/enroll`.
final class EnrolmentResponder: Sendable {
    private let desk: EnrolmentDesk
    private let broker: EnrolmentSettings.Broker
    private let keys: EnrolmentKeys?
    private let audit: any AuditTrail
    private let now: @Sendable () -> Int64
    private let rate: Mutex<EnrolmentRate>

    init(
        desk: EnrolmentDesk, settings: EnrolmentSettings, keys: EnrolmentKeys?, audit: any AuditTrail, now: @escaping @Sendable () -> Int64
    ) {
        self.desk = desk
        broker = settings.broker
        self.keys = keys
        self.audit = audit
        self.now = now
        rate = Mutex(EnrolmentRate(settings.rate))
    }

    func router() -> Router<EnrolmentContext> {
        let router = Router(context: EnrolmentContext.self)
        router.add(middleware: EnrolmentRefusals())
        // Whatever headers there are: agents of several makers send several.
        router.post("/v1/device/enroll") { [self] request, context in try await answer(request, context) }
        return router
    }

    private func answer(_ request: Request, _ context: EnrolmentContext) async throws -> Response {
        let wait = rate.withLock { $0.take(context.origin, now: now()) }
        if let wait { throw EnrolmentRefusal.tooMany(retryAfter: wait) }
        let body = try await Self.body(of: request)
        let assertions = try DeviceAssertions(parsing: Array(body.readableBytesView))
        if let keys { try assertions.check(with: keys.current) }
        let grant = try await desk.enrol(assertions)
        await note(grant, context)
        return EnrolmentDocument(grant, broker: broker).response(.ok)
    }

    /// The whole body, or a refusal when it is too long or too slow.
    private static func body(of request: Request) async throws -> ByteBuffer {
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > EnrolmentSettings.longestBody {
            throw EnrolmentRefusal.bodyTooLarge
        }
        return try await withThrowingTaskGroup(of: ByteBuffer?.self) { group in
            group.addTask {
                do {
                    return try await request.body.collect(upTo: EnrolmentSettings.longestBody)
                } catch is NIOTooManyBytesError {
                    throw EnrolmentRefusal.bodyTooLarge
                }
            }
            group.addTask {
                try await Task.sleep(for: .seconds(EnrolmentSettings.patience))
                return nil
            }
            defer { group.cancelAll() }
            guard let body = try await group.next() ?? nil else { throw EnrolmentRefusal.timeout }
            return body
        }
    }

    /// What was given is given: when the line cannot be written, the answer stays and the log of the server says so.
    private func note(_ grant: EnrolmentGrant, _ context: EnrolmentContext) async {
        let subject = "\(grant.record.device) \(grant.record.subject)"
        context.logger.notice("enrolment.issued", metadata: ["device": "\(subject)", "certificate": "\(grant.credentials.serial.hex)"])
        do {
            try await audit.record(AuditEntry(time: now(), actor: .system, action: "enrol", subject: subject, outcome: "issued"))
        } catch {
            context.logger.error("audit_failed", metadata: ["action": "enrol", "subject": "\(subject)", "error": "\(error)"])
        }
    }
}
