import Synchronization

/// One listener's end of a ``TailFeed``.
public struct TailListening: Sendable {
    /// Elements tell that there is news; several may be one element. It ends when the server stops.
    public let growth: AsyncStream<Void>
    let mailbox: TailMailbox

    /// What came since it was asked last.
    public func takeNews() -> TailNews { mailbox.take() }
}

/// Where a listener finds what it has not read.
public struct TailNews: Equatable, Sendable {
    /// Lines of the topic, in order. Empty when ``readsOn``.
    public internal(set) var spans: [Range<Int64>] = []
    /// Everything behind the listener's position has to be looked at.
    public internal(set) var readsOn = false

    /// Spans that are kept for a listener; one that is further behind looks at everything.
    static let mostSpans = 64
}

/// What waits for one listener: small, however slow the listener is.
final class TailMailbox: Sendable {
    private let news = Mutex(TailNews())
    private let continuation: AsyncStream<Void>.Continuation

    init(_ continuation: AsyncStream<Void>.Continuation) { self.continuation = continuation }

    func put(_ span: Range<Int64>?) {
        news.withLock { news in
            guard !news.readsOn else { return }
            if let span, let last = news.spans.last, last.upperBound == span.lowerBound {
                news.spans[news.spans.count - 1] = last.lowerBound..<span.upperBound
            } else if let span, news.spans.count < TailNews.mostSpans {
                news.spans.append(span)
            } else {
                news = TailNews(spans: [], readsOn: true)
            }
        }
        continuation.yield()
    }

    func take() -> TailNews {
        news.withLock { news in
            defer { news = TailNews() }
            return news
        }
    }

    func finish() { continuation.finish() }
}
