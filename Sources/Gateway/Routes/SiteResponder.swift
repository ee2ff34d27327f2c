import DeviceAuth
import NIOCore
import UpdateTree

/// Answers the requests of a site: which updates its certificate lets it read, their inventories and their files.
struct SiteResponder: Answering {
    let loop: LoopContext
    let session: SiteSession

    static let updateAbsent = Problem.updateUnknown

    func answer(_ request: RequestHead) -> Action {
        if request.headerBytes > loop.limits.headerBytes { return refuse(.headTooLarge, closes: true) }
        do throws(Problem) {
            return try answer(request, site: try session.stand(in: loop))
        } catch {
            if error.status == 403 {
                loop.logger.info("request_refused", metadata: ["slug": "\(error.slug)", "detail": "\(error.detail)"])
            }
            return refuse(error)
        }
    }

    private func answer(_ request: RequestHead, site: SiteIdentity) throws(Problem) -> Action {
        guard Route.rest(of: request.target[...], after: SiteRoute.prefix) != nil else { throw .siteNotADevice }
        guard let route = SiteRoute(target: request.target) else { throw .notFound }
        switch (route, request.method) {
        case (.updates, .get), (.updates, .head): return updates(of: site, request)
        case (.inventory(let key), .get), (.inventory(let key), .head):
            return inventory(of: try readable(key, by: site), request)
        case (.content(let key, let path), .get), (.content(let key, let path), .head):
            let update = try readable(key, by: site).path
            return file(update + "/" + path.text, of: path.content, in: update, request)
        case (.report, .post): return try report(of: site)
        default: throw .methodNotAllowed
        }
    }

    /// What is not granted gets the answer of what does not exist: the certificate tells a site all it is to know. What
    /// was not accepted is not passed on either.
    private func readable(_ update: UpdateKey, by site: SiteIdentity) throws(Problem) -> UpdateKey {
        guard site.mayRead(update), loop.isServed(update) else { throw .updateUnknown }
        return update
    }

    private func report(of site: SiteIdentity) throws(Problem) -> Action {
        guard let reports = loop.services.siteReports else { throw .siteReportsUnavailable }
        let logger = loop.logger
        return .collect(limit: 64 << 20, budget: loop.siteBodies) { body in
            self.stored(.noContent) {
                try await reports.accept(site: site, body: Array(body.readableBytesView))
                logger.info("site_report_stored", metadata: ["site": "\(site.name)", "bytes": "\(body.readableBytes)"])
            }
        }
    }
}
