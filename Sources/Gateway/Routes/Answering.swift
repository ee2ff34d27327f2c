import NIOCore

/// Whoever answers the requests of one connection: for a device ``Responder``, for a site ``SiteResponder``. Which of them
/// is decided once, when the handshake is over.
protocol Answering: Sendable {
    var loop: LoopContext { get }
    /// The answer when the update that a file is asked of is not there.
    static var updateAbsent: Problem { get }

    func answer(_ request: RequestHead) -> Action
}

extension Answering {
    func refuse(_ problem: Problem, closes: Bool = false) -> Action {
        var response = problem.response
        response.closes = closes
        return .respond(response)
    }

    /// Runs `work` off the loop and answers when it is done.
    func stored(
        _ response: Response = .ok, _ work: @escaping @Sendable () async throws -> Void
    ) -> EventLoopFuture<Response> {
        let promise = loop.loop.makePromise(of: Void.self)
        promise.completeWithTask(work)
        return promise.futureResult.map { response }.flatMapErrorThrowing { error in
            let problem = Problem(error)
            if problem.status >= 500 { loop.logger.error("report_not_stored", metadata: ["reason": "\(error)"]) }
            return problem.response
        }
    }
}
