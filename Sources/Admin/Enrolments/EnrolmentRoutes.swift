import DeviceAuth
import Fleet
import Hummingbird
import UpdateTree

/// Devices that may get their credentials from the enrolment listener: naming them, looking, forgetting.
struct EnrolmentRoutes: Sendable {
    private struct List: Encodable {
        let enrolments: [EnrolmentDocument]
        let nextCursor: Nullable<String>
    }

    let services: AdminServices
    private var desk: EnrolmentDesk { services.enrolments }

    var all: [Route] {
        [
            Route(.get, "/v1/enrolments", .scope(.devicesRead)) { call in try await list(call) },
            Route(.post, "/v1/enrolments", .scope(.devicesWrite)) { call in try await add(call) },
            Route(.delete, "/v1/enrolments/{uuid}", .scope(.devicesWrite)) { call in
                let device = try DeviceID(call.parameter("uuid"))
                try await stored { try await desk.remove(device) }
                return .noContent
            },
            Route(.post, "/v1/enrolments/{uuid}/reset", .scope(.devicesWrite)) { call in
                let device = try DeviceID(call.parameter("uuid"))
                let record = try await stored { try await desk.reset(device) }
                return .json(EnrolmentDocument(record, now: services.now()))
            },
        ]
    }

    private func list(_ call: Call) async throws -> Response {
        let limit = try call.limit(default: 100)
        let after = try call.cursor().map { last in
            guard let id = try? DeviceID(last) else { throw Cursor.invalid }
            return id
        }
        let found = try await stored { try await desk.page(after: after, limit: limit + 1) }
        let page = found.prefix(limit)
        let next = found.count > limit ? page.last.map { Cursor(after: $0.device.text).text } : nil
        let now = services.now()
        return .json(List(enrolments: page.map { EnrolmentDocument($0, now: now) }, nextCursor: Nullable(next)))
    }

    private func add(_ call: Call) async throws -> Response {
        let new = try await call.body(NewEnrolment.self)
        let subject = try EnrolmentSubject(brand: new.brand, model: new.model, serial: new.serial)
        let device = try new.uuid.map { try DeviceID($0) }
        let organization = try new.organization.map { try OrganizationName($0) } ?? .standard
        let channel = Channel(isProduction: new.isProd ?? false)
        let record = try await stored { try await desk.add(subject, as: device, organization: organization, channel: channel) }
        call.auditNote.name("\(record.device) \(subject)")
        return .json(EnrolmentDocument(record, now: services.now()), status: .created)
    }
}
