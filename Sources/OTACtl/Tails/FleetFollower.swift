import Foundation

/// Follows the fleet's log over as many connections as it takes.
struct FleetFollower {
    let client: AdminClient
    let path: String
    let filter: String?
    let range: TailRange
    let isJSON: Bool

    /// Seconds between two attempts, at most.
    static let longestPause = 30.0

    /// What is carried from one connection to the next.
    private struct Position {
        var lastEventID: String?
        /// The server answered at least once: from then on a failure is a cut, not a mistake.
        var hasConnected = false
        var failures = 0
    }

    /// Returns never; throws what no further attempt mends.
    func follow() async throws {
        var position = Position(lastEventID: range.after)
        while true {
            do {
                try await connect(&position)
            } catch let error as ControlError {
                guard position.hasConnected, error.exit == .unavailable || error.exit == .tryAgain else { throw error }
            }
            position.failures += 1
            let pause = min(Self.longestPause, pow(2, Double(min(position.failures, 6)) - 1))
            // Spread, so that many listeners do not come back in the same moment.
            try await Task.sleep(for: .seconds(pause * Double.random(in: 0.5...1)))
        }
    }

    private func connect(_ position: inout Position) async throws {
        let headers = position.lastEventID.map { [("Last-Event-ID", $0)] } ?? []
        let query = (range.fromStart ? [(name: "from", value: "start")] : []) + (filter.map { [(name: "q", value: $0)] } ?? [])
        let body = try await client.stream(path, query: query, headers: headers)
        position.hasConnected = true
        var parser = EventStreamParser()
        var chunks = body.makeAsyncIterator()
        while let chunk = try await client.reaching({ try await chunks.next() }) {
            position.failures = 0
            for case .event(let id, let name, let data) in parser.consume(chunk.readableBytesView) { try print(id, name, data) }
            // Also an id without an event: it tells how far the server has looked.
            position.lastEventID = parser.lastID ?? position.lastEventID
        }
    }

    private func print(_ id: String?, _ name: String?, _ data: String) throws {
        guard isJSON else { return try StandardOutput.line(Self.summary(data) ?? Plain.line(data)) }
        let document = (try? JSONDecoder().decode(JSON.self, from: Data(data.utf8))) ?? .text(data)
        try StandardOutput.jsonLine(["id": id.map(JSON.text) ?? .null, "event": name.map(JSON.text) ?? .null, "data": document])
    }

    /// Time, device, and what happened in a few words; nil when the line is of another form.
    private static func summary(_ data: String) -> String? {
        guard let line = try? JSONDecoder().decode(JSON.self, from: Data(data.utf8)), line["device"].string != nil else { return nil }
        var words = [line["time"].cell, line["device"].cell]
        if line["type"].string == "event" {
            let body = line["event"]["event"]
            words.append(line["event"]["eventType"]["id"].cell)
            words += [body["targetName"].string, body["success"] == .bool(false) ? "failed" : nil].compactMap { $0 }
            if body["success"] == .bool(false), let details = body["details"].string { words.append(String(details.prefix(200))) }
        } else {
            words.append(line["type"].cell)
            if line["type"].string == "assigned" { words.append(line["update"].cell) }
        }
        return Plain.line(words.joined(separator: "  "))
    }
}
