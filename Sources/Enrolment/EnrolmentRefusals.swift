import Fleet
import Hummingbird
import Logging
import Snaps

/// Turns every error into an answer that agents read, and tells the log what the device is not told.
struct EnrolmentRefusals: RouterMiddleware {
    typealias Context = EnrolmentContext

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            let refusal = EnrolmentRefusal(error)
            log(error, refusal, context)
            return refusal.response
        }
    }

    private func log(_ error: any Error, _ refusal: EnrolmentRefusal, _ context: Context) {
        // Too many are counted by whoever sends them: a line for each would be what they are after.
        guard refusal.status != .tooManyRequests, refusal.status != .notFound else { return }
        let metadata: Logger.Metadata = ["code": "\(refusal.code)", "from": "\(context.origin)", "reason": "\(error)"]
        if refusal.status.kind == .serverError {
            context.logger.error("enrolment.failed", metadata: metadata)
        } else {
            context.logger.warning("enrolment.refused", metadata: metadata)
        }
    }
}
