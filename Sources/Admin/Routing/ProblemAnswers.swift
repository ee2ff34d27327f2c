import Hummingbird

/// Turns every error into a problem document, and puts on every answer the headers that keep browsers in bounds.
struct ProblemAnswers: RouterMiddleware {
    typealias Context = BasicRequestContext

    let routes: [Route]

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        var response: Response
        do {
            response = try await next(request, context)
        } catch {
            response = problem(error, request: request, context: context).response
        }
        response.headers[.xContentTypeOptions] = "nosniff"
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
        if response.headers[.contentSecurityPolicy] == nil { response.headers[.contentSecurityPolicy] = "default-src 'none'" }
        return response
    }

    private func problem(_ error: any Error, request: Request, context: Context) -> Problem {
        let problem = Problem(error)
        if problem.slug == "route-unknown", let refused = otherMethod(request) { return refused }
        if problem.status.kind == .serverError {
            let cause = (error as? StorageFailure)?.cause ?? error
            context.logger.error("admin.failed", metadata: ["slug": "\(problem.slug)", "error": "\(cause)"])
        }
        return problem
    }

    /// The path exists, the method does not.
    private func otherMethod(_ request: Request) -> Problem? {
        let allowed = Set(routes.filter { $0.matches(request.uri.path) }.map(\.method.rawValue))
        guard !allowed.isEmpty else { return nil }
        let list = allowed.union(allowed.contains("GET") ? ["HEAD"] : []).sorted().joined(separator: ", ")
        return Problem(
            .methodNotAllowed, "method-not-allowed", "this path knows \(list)", headers: [.allow: list])
    }
}
