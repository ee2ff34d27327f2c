import DeviceAuth
import Fleet
import Hummingbird
import UpdateTree

/// Sites that report here, and, at a site, its own report.
struct SiteRoutes: Sendable {
    private struct List: Encodable {
        let sites: [SiteDocument]
        let nextCursor: Nullable<String>
    }

    let services: AdminServices

    var all: [Route] {
        [
            Route(.get, "/v1/sites", .scope(.devicesRead)) { call in try await list(call) },
            Route(.get, "/v1/sites/{name}", .scope(.devicesRead)) { call in try await show(call.site(), call) },
            Route(.post, "/v1/site/report", .scope(.devicesRead)) { _ in try await report() },
        ]
    }

    private func list(_ call: Call) async throws -> Response {
        let limit = try call.limit(default: 100)
        let after = try call.cursor()
        let receipts = try await stored { try services.sites.receipts() }.filter { receipt in
            guard let after else { return true }
            return after.utf8.lexicographicallyPrecedes(receipt.site.utf8)
        }
        let page = receipts.prefix(limit)
        let next = receipts.count > limit ? page.last.map { Cursor(after: $0.site).text } : nil
        return .json(List(sites: page.map(SiteDocument.init), nextCursor: Nullable(next)))
    }

    private func show(_ site: SiteName, _ call: Call) async throws -> Response {
        let limit = try call.limit(default: 100)
        let after = try call.cursor()
        let (receipt, report) = try await stored { (try services.sites.receipt(of: site), try services.sites.report(of: site)) }
        guard let receipt, let report else {
            throw Problem(.notFound, SiteReportError.Code.siteUnknown.rawValue, "no site \(site) has reported; see the list of sites")
        }
        let devices = report.devices.sorted { $0.uuid.text.utf8.lexicographicallyPrecedes($1.uuid.text.utf8) }.filter { device in
            guard let after else { return true }
            return after.utf8.lexicographicallyPrecedes(device.uuid.text.utf8)
        }
        let page = devices.prefix(limit)
        let next = devices.count > limit ? page.last.map { Cursor(after: $0.uuid.text).text } : nil
        return .json(SiteDetailDocument(receipt, report, page: Array(page), nextCursor: next))
    }

    private func report() async throws -> Response {
        guard let make = services.siteReport else {
            throw Problem(.conflict, "site-identity-missing", "this server is no site: it has no site/client.pem and site/pkey.pem")
        }
        return .bytes(try await stored { try await make() }, type: "application/json")
    }
}

extension Call {
    /// The site that the path names.
    func site() throws -> SiteName { try SiteName(try parameter("name")) }
}
