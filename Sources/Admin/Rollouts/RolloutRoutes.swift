import DeviceAuth
import Fleet
import Hummingbird

/// Rollouts: making, filling, starting and looking at them.
struct RolloutRoutes: Sendable {
    private struct List: Encodable {
        let rollouts: [RolloutDocument]
        let nextCursor: Nullable<String>
    }

    private let rollouts: RolloutOperations
    private let idempotency: IdempotencyMemory<NewRollout, Rollout>
    private let now: @Sendable () -> Int64

    init(services: AdminServices) {
        rollouts = services.rollouts
        idempotency = IdempotencyMemory(now: services.now)
        now = services.now
    }

    var all: [Route] {
        [
            Route(.get, "/v1/rollouts", .scope(.rolloutsRead)) { call in try await list(call) },
            Route(.post, "/v1/rollouts", .scope(.rolloutsWrite)) { call in try await create(call) },
            Route(.get, "/v1/rollouts/{id}", .scope(.rolloutsRead)) { call in try await show(call) },
            Route(.put, "/v1/rollouts/{id}/devices", .scope(.rolloutsWrite)) { call in try await add(call) },
            Route(.put, "/v1/rollouts/{id}/start", .scope(.rolloutsWrite)) { call in try await start(call) },
            Route(.put, "/v1/rollouts/{id}/approve", .scope(.rolloutsWrite)) { call in
                try await change { try await rollouts.approve(call.rollout(), by: call.principal.name) }
            },
            Route(.put, "/v1/rollouts/{id}/pause", .scope(.rolloutsWrite)) { call in
                let reason = try await call.optionalBody(PauseRequest.self)?.reason
                return try await change { try await rollouts.pause(call.rollout(), by: call.principal.name, because: reason) }
            },
            Route(.put, "/v1/rollouts/{id}/resume", .scope(.rolloutsWrite)) { call in
                try await change { try await rollouts.resume(call.rollout(), by: call.principal.name) }
            },
            Route(.put, "/v1/rollouts/{id}/next", .scope(.rolloutsWrite)) { call in
                try await change { try await rollouts.openNext(call.rollout(), by: call.principal.name) }
            },
            Route(.put, "/v1/rollouts/{id}/abort", .scope(.rolloutsWrite)) { call in
                try await change { try await rollouts.abort(call.rollout(), by: call.principal.name) }
            },
            Route(.put, "/v1/rollouts/{id}/revert", .scope(.rolloutsWrite)) { call in
                try await change { try await rollouts.revert(call.rollout(), by: call.principal.name) }
            },
            Route(.get, "/v1/rollouts/{id}/decisions", .scope(.rolloutsRead)) { call in try await decisions(call) },
        ]
    }

    private func change(_ operation: @Sendable () async throws -> Rollout) async throws -> Response {
        .json(RolloutDocument(try await stored { try await operation() }))
    }

    private func decisions(_ call: Call) async throws -> Response {
        let id = try call.rollout()
        let limit = try call.limit(default: 100)
        let notes = try await stored { try rollouts.notes(of: id, limit: limit) }
        return .json(DecisionList(decisions: notes.map(DecisionList.Entry.init)))
    }

    private func create(_ call: Call) async throws -> Response {
        let key = try IdempotencyKey(of: call)
        let body = try await call.body(NewRollout.self, limit: Call.mostBytesOfDevices)
        let make: @Sendable () async throws -> Rollout = { [rollouts] in
            try await stored {
                let rollout = try await rollouts.create(body.update, plan: body.plan, by: call.principal.name)
                return body.devices.isEmpty ? rollout : try await rollouts.add(body.devices, to: rollout.id)
            }
        }
        let rollout: Rollout
        if let key { rollout = try await idempotency.answer(key, body, make: make) } else { rollout = try await make() }
        var response = Response.json(RolloutDocument(rollout), status: .created)
        response.headers[.location] = "/v1/rollouts/\(rollout.id)"
        return response
    }

    /// Newest first: ids sort by the time of their making.
    private func list(_ call: Call) async throws -> Response {
        let limit = try call.limit(default: 100)
        let after = try call.cursor()
        let ids = try await stored { try await rollouts.ids() }
            .filter { id in after.map { id.text.utf8.lexicographicallyPrecedes($0.utf8) } ?? true }
            .sorted { $1.text.utf8.lexicographicallyPrecedes($0.text.utf8) }
        let page = ids.prefix(limit)
        var documents: [RolloutDocument] = []
        for id in page { documents.append(RolloutDocument(try await stored { try await rollouts.show(id) })) }
        let next = ids.count > limit ? page.last.map { Cursor(after: $0.text).text } : nil
        return .json(List(rollouts: documents, nextCursor: Nullable(next)))
    }

    private func show(_ call: Call) async throws -> Response {
        let id = try call.rollout()
        let limit = try call.limit(default: 1000)
        let after = try call.cursor().map { last in
            guard let id = try? DeviceID(last) else { throw Cursor.invalid }
            return id
        }
        let (rollout, progress) = try await stored {
            let rollout = try await rollouts.show(id)
            return (rollout, try await rollouts.progress(of: rollout))
        }
        let planned = try await planned(rollout, progress)
        return .json(RolloutProgressDocument(rollout, progress, planned: planned, after: after, limit: limit, now: now()))
    }

    /// Devices that wait for the start; once a rollout runs there are none, and its long list need not be read.
    private func planned(_ rollout: Rollout, _ progress: RolloutProgress) async throws -> [DeviceID] {
        guard !progress.hasStarted, !rollout.state.hasEnded else { return [] }
        return try await stored { try await rollouts.devices(of: rollout.id) }
    }

    private func add(_ call: Call) async throws -> Response {
        let id = try call.rollout()
        let body = try await call.body(DeviceList.self, limit: Call.mostBytesOfDevices)
        let takesOver = call.query("takeOver") == "true"
        return .json(RolloutDocument(try await stored { try await rollouts.add(body.devices, to: id, takesOver: takesOver) }))
    }

    private func start(_ call: Call) async throws -> Response {
        let id = try call.rollout()
        let takesOver = call.query("takeOver") == "true"
        let (rollout, assigned) = try await stored {
            let rollout = try await rollouts.start(id, by: call.principal.name, takesOver: takesOver)
            let counts = try await rollouts.progress(of: rollout).counts
            return (rollout, counts.total - counts[.waiting] - counts.left)
        }
        return .json(
            StartedRolloutDocument(rollout: RolloutDocument(rollout), assigned: assigned, skipped: rollout.skipped))
    }
}

extension Call {
    /// The rollout that the path names.
    func rollout() throws -> RolloutID { try RolloutID(parameter("id")) }
}
