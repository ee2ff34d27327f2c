import DeviceAuth
import Fleet
import Hummingbird

/// One action for many devices, with a dry run before and a count to confirm.
struct BulkRoutes: Sendable {
    /// Devices that an answer names.
    static let mostNamed = 100
    /// Folders that are removed at the same time, so that they share syncs of the disk.
    private static let removedAtOnce = 64

    private struct Document: Encodable {
        let action: String
        let dryRun: Bool
        let matched: Int
        let count: Int
        let devices: [String]
    }

    let services: AdminServices
    private var registry: DeviceRegistry { services.registry }

    var all: [Route] {
        [Route(.post, "/v1/devices/bulk", .scope(.devicesWrite)) { call in try await bulk(call) }]
    }

    private func bulk(_ call: Call) async throws -> Response {
        let request = try await call.body(BulkRequest.self, limit: Call.mostBytesOfDevices)
        let selection = selection(request.target)
        if request.isDryRun {
            // Nothing is changed: that leaves no line in the audit log.
            call.auditNote.suppress()
            return answer(request, try registry.preview(request.action, of: selection))
        }
        let outcome = try await stored { try await registry.bulk(request.action, of: selection, expected: request.expected) }
        call.auditNote.name(note(request, outcome))
        if request.action == .delete { try await removeFiles(request.target, outcome) }
        return answer(request, outcome)
    }

    private func selection(_ target: BulkRequest.Target) -> BulkTarget {
        switch target {
        case .devices(let ids): return .devices(ids)
        case .filter(let filter):
            let now = services.now()
            return .matching { filter.matches(DeviceFacts($0), now: now) }
        }
    }

    /// Also of devices that were deleted before: asked again after a failure, the files that it left are made up for.
    private func removeFiles(_ target: BulkRequest.Target, _ outcome: BulkOutcome) async throws {
        let ids =
            switch target {
            case .devices(let ids): Array(Set(ids))
            case .filter: outcome.changed
            }
        let (reports, configurations, snaps) = (services.reports, services.configurations, services.snaps)
        for start in stride(from: 0, to: ids.count, by: Self.removedAtOnce) {
            let some = ids[start..<min(start + Self.removedAtOnce, ids.count)]
            try await stored {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for id in some {
                        group.addTask {
                            try await reports.removeAll(of: id)
                            try await configurations.forget(id)
                            try await snaps.forget(id)
                        }
                    }
                    try await group.waitForAll()
                }
            }
        }
    }

    private func answer(_ request: BulkRequest, _ outcome: BulkOutcome) -> Response {
        .json(
            Document(
                action: request.word, dryRun: request.isDryRun, matched: outcome.matched, count: outcome.changed.count,
                devices: outcome.changed.prefix(Self.mostNamed).map(\.text)))
    }

    private func note(_ request: BulkRequest, _ outcome: BulkOutcome) -> String {
        switch request.target {
        case .filter(let filter): "\(request.word): \(outcome.changed.count) devices of the filter \(filter)"
        case .devices:
            "\(request.word): \(outcome.changed.count) devices: "
                + outcome.changed.prefix(Self.mostNamed).map(\.text).joined(separator: " ")
        }
    }
}
