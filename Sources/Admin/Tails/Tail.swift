import Fleet
import Hummingbird
import NIOCore
import ServiceLifecycle

/// Writes events to one listener: those behind its position, then each as it comes.
///
/// Rules:
/// 1. It reads the source from where it stands; what wakes it carries no data, so nothing is lost or repeated.
/// 2. A listener that does not read suspends its own tail and nobody else's.
/// 3. A waking without a new line is answered with a comment; the first one says that the listener has caught up.
///    Before it stands the position, when it has moved over lines that are none of the listener's: whoever comes back
///    with it does not look at them again.
struct Tail<Source: TailSource>: Sendable {
    let source: Source
    /// Where to begin.
    let position: Int64
    /// Whether the listener knows that position.
    let isKnown: Bool
    let listening: TailListening
    var keepAlive = Duration.seconds(15)

    /// Bytes that are read at once.
    static var chunk: Int { 128 << 10 }

    /// Returns when the server stops or the listener's task is cancelled.
    func write(to writer: any ResponseBodyWriter) async throws {
        var writer = writer
        let (wakings, waker) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for await _ in listening.growth { waker.yield() }
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
                try await follow(wakings, to: &writer)
            } onGracefulShutdown: {
                waker.finish()
            }
        }
    }

    /// Where the listener stands.
    private struct Place {
        var position: Int64
        /// The last id that the listener has.
        var id: Int64?
    }

    private func follow(_ wakings: AsyncStream<Void>, to writer: inout any ResponseBodyWriter) async throws {
        var place = Place(position: position, id: isKnown ? position : nil)
        try await send(from: position, to: .max, &place, &writer)
        try await comment(&place, &writer)
        for await _ in wakings {
            let before = place.id
            try await sendNews(&place, &writer)
            if place.id == before { try await comment(&place, &writer) }
            if source.pause > .zero { try await Task.sleep(for: source.pause) }
        }
    }

    private func sendNews(_ place: inout Place, _ writer: inout any ResponseBodyWriter) async throws {
        // In this order: what is announced before the news are taken is among them, or was.
        guard let announced = source.announced else {
            return try await send(from: place.position, to: .max, &place, &writer)
        }
        let news = listening.takeNews()
        if news.readsOn { return try await send(from: place.position, to: .max, &place, &writer) }
        for span in news.spans where span.upperBound > place.position {
            try await send(from: max(span.lowerBound, place.position), to: span.upperBound, &place, &writer)
        }
        place.position = max(place.position, announced)
    }

    /// Sends the listener's lines between two positions.
    private func send(
        from start: Int64, to end: Int64, _ place: inout Place, _ writer: inout any ResponseBodyWriter
    ) async throws {
        place.position = start
        while place.position < end {
            let limit = Int(min(Int64(Self.chunk), end - place.position))
            let run = try source.lines(from: place.position, limit: limit)
            guard run.end > place.position else { return }
            if let last = run.lines.last {
                try await writer.write(Self.events(run.lines, name: source.name))
                place.id = last.next
            } else {
                // Nothing of all that is the listener's: others have their turn.
                await Task.yield()
            }
            place.position = run.end
            try Task.checkCancellation()
        }
    }

    private func comment(_ place: inout Place, _ writer: inout any ResponseBodyWriter) async throws {
        let id = place.id == place.position ? "" : "id: \(place.position)\n"
        place.id = place.position
        try await writer.write(ByteBuffer(string: "\(id): keep-alive\n\n"))
    }

    /// Server-sent events (HTML Living Standard §9.2.5).
    static func events(_ lines: [(text: String, next: Int64)], name: (String) -> Substring?) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(lines.count * 128)
        for line in lines {
            buffer.writeString("id: \(line.next)\n")
            if let name = name(line.text) { buffer.writeString("event: \(name)\n") }
            buffer.writeString("data: ")
            // A carriage return would end the field: the file may hold what somebody wrote by hand.
            let isPlain = !line.text.utf8.contains(UInt8(ascii: "\r"))
            buffer.writeString(isPlain ? line.text : line.text.replacing("\r", with: " "))
            buffer.writeString("\n\n")
        }
        return buffer
    }
}
