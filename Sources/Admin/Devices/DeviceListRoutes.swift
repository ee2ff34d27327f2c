import Fleet
import Hummingbird

/// Asking the fleet: lists, counts and exports of devices by a filter.
struct DeviceListRoutes: Sendable {
    private struct List: Encodable {
        let devices: [DeviceDocument]
        let nextCursor: Nullable<String>
    }

    private struct Counts: Encodable {
        struct Group: Encodable {
            let value: Nullable<String>
            let count: Int
        }

        let total: Int
        let by: Nullable<String>
        let groups: [Group]
        let others: Int
    }

    let services: AdminServices

    var all: [Route] {
        [
            Route(.get, "/v1/devices", .scope(.devicesRead)) { call in try await list(call) },
            Route(.get, "/v1/devices/count", .scope(.devicesRead)) { call in try await count(call) },
            Route(.get, "/v1/devices/export", .scope(.devicesRead)) { call in try await export(call) },
        ]
    }

    private func list(_ call: Call) async throws -> Response {
        let limit = try call.limit(default: 100)
        let order = try call.order()
        let after = try call.cursor().map { last in
            guard let place = DevicePlace(last, in: order) else { throw Cursor.invalid }
            return place
        }
        let now = services.now()
        let page = await services.registry.index.page(try call.filter(), by: order, after: after, limit: limit, now: now)
        return .json(
            List(
                devices: page.devices.map { DeviceDocument($0, now: now) },
                nextCursor: Nullable(page.next.map { Cursor(after: $0.text).text })))
    }

    private func count(_ call: Call) async throws -> Response {
        let attribute = try call.query("by").map { try DeviceCounts.attribute($0) }
        let counts = await services.registry.index.counts(try call.filter(), by: attribute, now: services.now())
        return .json(
            Counts(
                total: counts.total, by: Nullable(attribute?.text),
                groups: counts.groups.map { Counts.Group(value: Nullable($0.value), count: $0.count) }, others: counts.others))
    }

    private func export(_ call: Call) async throws -> Response {
        let format = try DeviceExport.Format(call)
        let limit = try call.exportLimit()
        let now = services.now()
        let devices = await services.registry.index.devices(try call.filter(), by: try call.order(), now: now)
        return try DeviceExport(devices.prefix(limit), as: format, now: now).response
    }
}

extension Call {
    /// The filter that the query holds; nil when there is none. An empty one is an error: to ask for all, leave it out.
    ///
    /// It is written as forms write it (URL Standard §5.1), which browsers and curl do: a plus is a space, `%2B` a plus.
    func filter() throws -> Filter? {
        let value = request.uri.query?.split(separator: "&").first { $0.hasPrefix("q=") }?.dropFirst(2)
        guard let value else { return nil }
        guard let text = PercentEncoding.decode(value.replacing("+", with: " ")[...]) else {
            throw Problem(.badRequest, "query-invalid", "the filter is not well percent-encoded UTF-8")
        }
        return try Filter(text)
    }

    /// The order that the query asks for.
    fileprivate func order() throws(FleetError) -> DeviceOrder {
        guard let text = query("sort") else { return .uuid }
        return try DeviceOrder(text)
    }

    fileprivate func exportLimit() throws(Problem) -> Int {
        guard let text = query("limit") else { return .max }
        guard let limit = Int(text), limit > 0 else {
            throw Problem(.badRequest, "limit-invalid", "limit must be a number from 1; leave it out for all devices")
        }
        return limit
    }
}
