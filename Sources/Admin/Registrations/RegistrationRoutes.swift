import DeviceAuth
import Fleet
import Hummingbird

/// Devices that wait to be registered: looking at them, letting them in, turning them away.
struct RegistrationRoutes: Sendable {
    private struct List: Encodable {
        let registrations: [RegistrationDocument]
        /// How many wait in all, and how many may.
        let pending: Int
        let mostPending: Int
        let nextCursor: Nullable<String>
    }

    private struct Accepted: Encodable {
        let accepted: Int
        let known: Int
    }

    private struct Rejected: Encodable {
        let rejected: Int
        let known: Int
    }

    let services: AdminServices
    private var registry: DeviceRegistry { services.registry }

    var all: [Route] {
        [
            Route(.get, "/v1/registrations", .scope(.devicesRead)) { call in try list(call) },
            Route(.post, "/v1/registrations/accept", .scope(.devicesWrite)) { call in
                let (devices, changed) = try await decide(call, "accepted") { try await registry.accept($0) }
                return .json(Accepted(accepted: changed, known: devices - changed))
            },
            Route(.post, "/v1/registrations/reject", .scope(.devicesWrite)) { call in
                let (devices, changed) = try await decide(call, "rejected") { try await registry.reject($0) }
                return .json(Rejected(rejected: changed, known: devices - changed))
            },
        ]
    }

    private func list(_ call: Call) throws -> Response {
        let limit = try call.limit(default: 100)
        let after = try call.cursor().map { last in
            guard let id = try? DeviceID(last) else { throw Cursor.invalid }
            return id
        }
        let state = call.query("state") ?? "pending"
        guard state == "pending" || state == "rejected" else {
            throw Problem(.badRequest, "state-invalid", "state is pending or rejected")
        }
        let found = registry.queue.page(rejected: state == "rejected", after: after, limit: limit + 1)
        let page = found.prefix(limit)
        let next = found.count > limit ? page.last.map { Cursor(after: $0.id.text).text } : nil
        return .json(
            List(
                registrations: page.map(RegistrationDocument.init), pending: registry.queue.pending,
                mostPending: Registration.mostPending, nextCursor: Nullable(next)))
    }

    private func decide(
        _ call: Call, _ word: String, _ operation: @Sendable ([DeviceID]) async throws -> Int
    ) async throws -> (devices: Int, changed: Int) {
        let devices = Set(try await call.body(DeviceList.self, limit: Call.mostBytesOfDevices).devices).sorted()
        let changed = try await stored { try await operation(devices) }
        call.auditNote.name("\(word): \(changed) of " + devices.prefix(BulkRoutes.mostNamed).map(\.text).joined(separator: " "))
        return (devices.count, changed)
    }
}
