import Hummingbird
import Logging

/// One line per request: what was asked for, not who asked with which token and not the query.
struct RequestLog: RouterMiddleware {
    typealias Context = BasicRequestContext

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        let response = try await next(request, context)
        let elapsed = (ContinuousClock.now - start).components
        context.logger.info(
            "admin.request",
            metadata: [
                "method": "\(request.method.rawValue.prefix(16))",
                "route": "\(context.endpointPath ?? "")",
                "status": "\(response.status.code)",
                "ms": "\(elapsed.seconds * 1000 + elapsed.attoseconds / 1_000_000_000_000_000)",
            ])
        return response
    }
}
