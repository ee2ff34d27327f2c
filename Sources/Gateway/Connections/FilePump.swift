import FileTree
import NIOCore
import NIOPosix

/// Where a file's bytes go: one connection or one stream.
protocol FileSink: AnyObject {
    /// False when the peer takes no more for now; ``FilePump/resume()`` is called when it does again.
    var isWritable: Bool { get }
    func write(_ piece: ByteBuffer, isLast: Bool)
    func flush()
    /// The file could not be read to its end: the peer must see that the answer is broken.
    func fail(_ error: any Error)
}

/// Sends part of a file or of a held text, as fast as the peer takes it and never faster: at most a few pieces per turn of the loop.
// Unchecked: used on the event loop of its sink only; the pool's thread merely carries the reference back to it.
final class FilePump: @unchecked Sendable {
    static let piece = 128 << 10
    private static let piecesPerTurn = 4

    private let source: PumpSource
    private var position: Int64
    private let end: Int64
    private let loop: LoopContext
    private let allocator: ByteBufferAllocator
    private weak var sink: (any FileSink)?
    /// It is sending, a read is under way, or the next turn is planned.
    private var isBusy = false

    init(
        _ source: PumpSource, _ range: Range<Int64>, to sink: any FileSink, loop: LoopContext, allocator: ByteBufferAllocator
    ) {
        self.source = source
        position = range.lowerBound
        end = range.upperBound
        self.sink = sink
        self.loop = loop
        self.allocator = allocator
    }

    /// Goes on sending. Does nothing when called from within itself: the loop below sees what has changed.
    func resume() {
        guard !isBusy, let sink else { return }
        isBusy = true
        var pieces = 0
        while position < end, sink.isWritable {
            guard pieces < Self.piecesPerTurn else {
                resumeInNextTurn()
                return
            }
            let count = Int(min(Int64(Self.piece), end - position))
            guard let buffer = source.piece(count: count, at: position, allocator: allocator) else {
                read(count)
                return
            }
            take(buffer, by: sink)
            pieces += 1
        }
        isBusy = false
    }

    /// Goes on sending once the loop has done what it is at.
    ///
    /// HTTP/2 says that a stream can be written to while it moves frames to the connection, and flushes when none is
    /// left: whoever writes right then keeps it from flushing until the whole window of the peer is in memory.
    func resumeSoon() {
        guard !isBusy else { return }
        isBusy = true
        resumeInNextTurn()
    }

    private func resumeInNextTurn() {
        loop.loop.execute {
            self.isBusy = false
            self.resume()
        }
    }

    private func take(_ buffer: ByteBuffer, by sink: any FileSink) {
        position += Int64(buffer.readableBytes)
        sink.write(buffer, isLast: position == end)
        // Flushed at once: encrypting what is at hand keeps `isWritable` true to what the peer took.
        sink.flush()
    }

    /// Not in the page cache: the pool reads.
    private func read(_ count: Int) {
        let position = position
        loop.pool.runIfActive(eventLoop: loop.loop) { [source] in try source.read(count: count, at: position) }
            .whenComplete { result in
                self.isBusy = false
                guard let sink = self.sink else { return }
                switch result {
                case .success(let bytes) where bytes.readableBytes == count:
                    self.take(bytes, by: sink)
                    self.resume()
                case .success: sink.fail(FileTreeError(.failed, "a file became shorter while it was sent"))
                case .failure(let error): sink.fail(error)
                }
            }
    }
}
