import Logging
import NIOCore
import NIOPosix
import Testing

@testable import Gateway

@Suite("Texts that are too large to be written at once")
struct HeldTextTests {
    /// Takes as many pieces as it has room for.
    private final class Sink: FileSink {
        var room = 0
        private(set) var received = ByteBuffer()
        private(set) var isComplete = false

        var isWritable: Bool { room > 0 }

        func write(_ piece: ByteBuffer, isLast: Bool) {
            room -= 1
            received.writeImmutableBuffer(piece)
            isComplete = isLast
        }

        func flush() {}
        func fail(_ error: any Error) { Issue.record(error) }
    }

    @Test("A text goes out as the peer takes it, and never faster")
    func backPressure() throws {
        let world = try GatewayWorld()
        let loop = LoopContext(
            loop: MultiThreadedEventLoopGroup.singleton.any(), services: world.services, limits: GatewayLimits(),
            certificates: world.certificates, pool: .singleton, logger: Logger(label: "test"))
        let bytes = (0..<3 * FilePump.piece).map { UInt8(truncatingIfNeeded: $0 &* 13 >> 2) }
        let sink = Sink()
        let range = Int64(5)..<Int64(bytes.count - 1)
        let pump = FilePump(.memory(HeldText(bytes)), range, to: sink, loop: loop, allocator: ByteBufferAllocator())
        pump.resume()
        #expect(sink.received.readableBytes == 0)
        for pieces in 1...2 {
            sink.room = 1
            pump.resume()
            #expect(sink.received.readableBytes == pieces * FilePump.piece)
        }
        #expect(!sink.isComplete)
        sink.room = 1
        pump.resume()
        #expect(sink.isComplete)
        #expect(Array(sink.received.readableBytesView) == Array(bytes[5..<bytes.count - 1]))
    }

    @Test("Who asks for a text that is being sent shares its bytes; nobody keeps one that is not")
    func sharing() {
        let texts = HeldTexts()
        var first: HeldText? = texts.shared(HeldText(Array("a".utf8)))
        weak let remembered = first
        #expect(texts.shared(HeldText(Array("a".utf8))) === first)
        #expect(texts.shared(HeldText(Array("b".utf8))) !== first)
        first = nil
        #expect(remembered == nil)
        #expect(texts.shared(HeldText(Array("a".utf8))).bytes == ByteBuffer(string: "a"))
    }

    @Test("A budget gives out what it has and takes it back")
    func budget() {
        let budget = BodyBudget(limit: 10)
        #expect(budget.take(10))
        #expect(!budget.take(1))
        budget.give(4)
        #expect(!budget.take(5))
        #expect(budget.take(4))
    }
}
