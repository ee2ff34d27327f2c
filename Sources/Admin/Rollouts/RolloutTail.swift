import Fleet
import Hummingbird
import NIOCore
import ServiceLifecycle

/// Writes a rollout's events to one listener: those that are there, then each as it comes.
///
/// Rules:
/// 1. It reads the rollout's file from where it stands; what wakes it carries no data, so nothing is lost or repeated.
/// 2. A listener that does not read suspends its own tail and nobody else's.
/// 3. A waking without a new line is answered with a comment; the first one says that the listener has caught up.
struct RolloutTail: Sendable {
    static let keepAlive = Duration.seconds(15)
    /// Bytes that are read at once.
    static let chunk = 128 << 10

    let rollouts: RolloutOperations
    let id: RolloutID
    let offset: Int64
    let growth: AsyncStream<Void>
    var keepAlive = Self.keepAlive

    /// Returns when the server stops or the listener's task is cancelled.
    func write(to writer: any ResponseBodyWriter) async throws {
        var writer = writer
        let (wakings, waker) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for await _ in growth { waker.yield() }
                waker.finish()
            }
            group.addTask {
                while true {
                    try await Task.sleep(for: keepAlive)
                    waker.yield()
                }
            }
            defer { group.cancelAll() }
            try await withGracefulShutdownHandler {
                var offset = try await send(from: self.offset, to: &writer).end
                try await writer.write(Self.comment)
                for await _ in wakings {
                    let run = try await send(from: offset, to: &writer)
                    offset = run.end
                    if run.isEmpty { try await writer.write(Self.comment) }
                }
            } onGracefulShutdown: {
                waker.finish()
            }
        }
    }

    /// Sends whole lines until there are no more.
    private func send(
        from start: Int64, to writer: inout any ResponseBodyWriter
    ) async throws -> (end: Int64, isEmpty: Bool) {
        var offset = start
        while case let lines = try rollouts.lines(of: id, from: offset, limit: Self.chunk).lines, let last = lines.last {
            try await writer.write(Self.events(lines))
            offset = last.next
            try Task.checkCancellation()
        }
        return (offset, offset == start)
    }

    private static let comment = ByteBuffer(string: ": keep-alive\n\n")

    /// Server-sent events (HTML Living Standard §9.2.5).
    static func events(_ lines: [(text: String, next: Int64)]) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(lines.count * 128)
        for line in lines {
            buffer.writeString("id: \(line.next)\n")
            if let name = name(of: line.text) { buffer.writeString("event: \(name)\n") }
            buffer.writeString("data: ")
            // A carriage return would end the field: the file may hold what somebody wrote by hand.
            let isPlain = !line.text.utf8.contains(UInt8(ascii: "\r"))
            buffer.writeString(isPlain ? line.text : line.text.replacing("\r", with: " "))
            buffer.writeString("\n\n")
        }
        return buffer
    }

    private static func name(of line: String) -> String? {
        ["DEVICE_STATUS", "DEVICE_SEEN"].first { line.hasPrefix("\($0): ") }
    }
}
