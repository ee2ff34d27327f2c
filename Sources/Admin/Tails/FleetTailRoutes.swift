import DeviceAuth
import Fleet
import Hummingbird

/// What happens to the fleet, and to one device, as it comes: server-sent events.
struct FleetTailRoutes: Sendable {
    let services: AdminServices

    var all: [Route] {
        [
            Route(.get, "/v1/tail", .scope(.devicesRead)) { call in try await tail(call, of: nil) },
            Route(.get, "/v1/devices/{uuid}/tail", .scope(.devicesRead)) { call in
                let device = try call.device()
                _ = try services.registry.entry(device)
                return try await tail(call, of: device)
            },
        ]
    }

    private func tail(_ call: Call, of device: DeviceID?) async throws -> Response {
        let log = services.fleetLog
        // Everything that can be refused is refused before the stream begins.
        let start = try FleetPosition(of: call)
        let filter = device == nil ? try call.query("q").map { text throws(FleetError) in try Filter(text) } : nil
        let place = try services.tailPlaces.take()
        // Listening begins before the position is taken: what comes in between is not missed.
        let listening = log.feed.listen(to: device.map { .device($0) } ?? .fleet)
        let position = try await stored { try start.offset(in: log) }
        let isKnown = if case .behind = start { true } else { false }
        let fleet = FleetTail(log: log, device: device)
        guard let filter else { return respond(fleet) }
        return respond(FilteredTail(fleet: fleet, filter: filter, directory: services.registry.directory, now: services.now))

        func respond(_ source: some TailSource) -> Response {
            Tail(source: source, position: position, isKnown: isKnown, listening: listening).response(to: call.request, in: place)
        }
    }
}
