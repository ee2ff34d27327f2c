import Foundation
import Synchronization

/// Somebody who follows a tail: `curl`, and what it has printed so far.
final class TailListener: Sendable {
    struct Event: Equatable {
        var id = ""
        var name = ""
        var data = ""
    }

    private struct State {
        var text = ""
        var hasEnded = false
    }

    private let process: Mutex<Process>
    private let state = Mutex(State())

    /// - Parameter options: more options of `curl`, such as a header.
    convenience init(_ server: TestServer, _ rollout: String, after id: String? = nil, reads: Bool = true, options: [String] = []) throws {
        try self.init(server, path: "/v1/rollouts/\(rollout)/tail", after: id, reads: reads, options: options)
    }

    init(_ server: TestServer, path: String, after id: String? = nil, reads: Bool = true, options: [String] = []) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments =
            ["curl", "-sN", "-H", "Authorization: Bearer \(server.token)"]
            + (id.map { ["-H", "Last-Event-ID: \($0)"] } ?? []) + options + ["\(server.admin)\(path)"]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        self.process = Mutex(process)
        // One that does not read leaves the pipe full, then the connection.
        guard reads else { return }
        let handle = output.fileHandleForReading
        Thread.detachNewThread { [self] in
            while case let piece = handle.availableData, !piece.isEmpty {
                state.withLock { $0.text += String(decoding: piece, as: UTF8.self) }
            }
            state.withLock { $0.hasEnded = true }
        }
    }

    var text: String { state.withLock { $0.text } }
    var hasEnded: Bool { state.withLock { $0.hasEnded } }
    /// The events that were there have been sent.
    var hasCaughtUp: Bool { text.contains(": keep-alive\n\n") }

    /// The whole events so far.
    var events: [Event] {
        text.components(separatedBy: "\n\n").dropLast().compactMap { block in
            var event = Event()
            for line in block.components(separatedBy: "\n") {
                if line.hasPrefix("id: ") { event.id = String(line.dropFirst(4)) }
                if line.hasPrefix("event: ") { event.name = String(line.dropFirst(7)) }
                if line.hasPrefix("data: ") { event.data = String(line.dropFirst(6)) }
            }
            return event.data.isEmpty ? nil : event
        }
    }

    /// What the listener would send as `Last-Event-ID`: of the last whole block.
    var lastID: String? {
        text.components(separatedBy: "\n\n").dropLast().flatMap { $0.components(separatedBy: "\n") }
            .last { $0.hasPrefix("id: ") }.map { String($0.dropFirst(4)) }
    }

    /// The events' lines once there are as many, or whatever is there after ten seconds.
    func lines(_ count: Int) async -> [String] {
        _ = await eventually { events.count >= count }
        return events.map(\.data)
    }

    /// The same for what devices did.
    func news(_ count: Int) async -> [Event] {
        _ = await eventually { events.count { RolloutLines.isNews($0.data) } >= count }
        return events.filter { RolloutLines.isNews($0.data) }
    }

    func stop() { process.withLock { if $0.isRunning { kill($0.processIdentifier, SIGKILL) } } }
}
