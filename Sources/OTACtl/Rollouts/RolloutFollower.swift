import Foundation

/// Follows a rollout's events over as many connections as it takes.
struct RolloutFollower {
    let client: AdminClient
    let id: String
    let fromStart: Bool
    let untilComplete: Bool
    let isJSON: Bool

    /// Seconds between two attempts, at most.
    static let longestPause = 30.0

    /// What is carried from one connection to the next.
    private struct Position {
        var lastEventID: String?
        /// The events that were there before the command are behind us.
        var hasCaughtUp: Bool
        /// The server answered at least once: from then on a failure is a cut, not a mistake.
        var hasConnected = false
        var failures = 0
    }

    /// Why a connection is left.
    private enum Ending {
        case cut, ended, drained
    }

    /// Returns when the rollout has ended and that was asked for.
    func follow() async throws {
        var position = Position(hasCaughtUp: fromStart)
        var hasEnded = false
        while true {
            do {
                switch try await connect(&position, draining: hasEnded) {
                case .drained: return
                case .ended:
                    // Its last events may still be on their way: they are asked for once more.
                    hasEnded = true
                    continue
                case .cut: break
                }
            } catch let error as ControlError {
                guard position.hasConnected, error.exit == .unavailable || error.exit == .tryAgain else { throw error }
            }
            position.failures += 1
            let pause = min(Self.longestPause, pow(2, Double(min(position.failures, 6)) - 1))
            // Spread, so that many listeners do not come back in the same moment.
            try await Task.sleep(for: .seconds(pause * Double.random(in: 0.5...1)))
        }
    }

    /// One connection. When `draining` it ends behind the events that are there.
    private func connect(_ position: inout Position, draining: Bool) async throws -> Ending {
        let headers = position.lastEventID.map { [("Last-Event-ID", $0)] } ?? []
        let body = try await client.stream(RolloutsCommand.path(id, "tail"), headers: headers)
        position.hasConnected = true
        var parser = EventStreamParser()
        var chunks = body.makeAsyncIterator()
        while let chunk = try await client.reaching({ try await chunks.next() }) {
            position.failures = 0
            for element in parser.consume(chunk.readableBytesView) {
                switch element {
                case .event(let eventID, let name, let data):
                    if position.hasCaughtUp { try print(eventID, name, data) }
                    position.lastEventID = eventID ?? position.lastEventID
                    guard Self.lastLines.contains(where: data.hasPrefix) else { continue }
                case .comment:
                    position.hasCaughtUp = true
                    if draining { return .drained }
                }
                // One that had ended before the command brings no event; the comment behind the old ones tells of it.
                guard untilComplete, position.hasCaughtUp, !draining else { continue }
                if try await hasEnded() { return .ended }
            }
        }
        return .cut
    }

    /// What is written last when a rollout completes, or is aborted or reverted.
    private static let lastLines = ["COMPLETED: ", "SETTLED: "]

    private func hasEnded() async throws -> Bool {
        let rollout = try await client.call(.GET, RolloutsCommand.path(id), query: [(name: "limit", value: "1")])
        return RolloutsCommand.endedStates.contains(rollout["state"].string ?? "")
    }

    private func print(_ eventID: String?, _ name: String?, _ data: String) throws {
        guard isJSON else { return try StandardOutput.line(Plain.line(data)) }
        try StandardOutput.jsonLine([
            "id": eventID.map(JSON.text) ?? .null, "event": name.map(JSON.text) ?? .null, "data": .text(data),
        ])
    }
}
