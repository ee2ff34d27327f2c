import Fleet
import NIOCore
import NIOEmbedded
import Testing

@testable import Enrolment

@Suite("Who may stand in the door")
struct EnrolmentDoorTests {
    private func channel(_ connections: Shares<String>) throws -> EmbeddedChannel {
        let channel = EmbeddedChannel(handler: EnrolmentDoor(connections: connections, patience: .seconds(10)))
        try channel.connect(to: SocketAddress(ipAddress: "192.0.2.1", port: 1)).wait()
        return channel
    }

    @Test("a connection without a complete head in time is closed, and one with it is not")
    func deadline() throws {
        let connections = Shares<String>(most: 16)
        let (silent, quick) = (try channel(connections), try channel(connections))
        try quick.writeInbound(1)
        for channel in [silent, quick] { channel.embeddedEventLoop.advanceTime(by: .seconds(9)) }
        #expect(silent.isActive && quick.isActive)
        for channel in [silent, quick] { channel.embeddedEventLoop.advanceTime(by: .seconds(1)) }
        #expect(!silent.isActive && quick.isActive)
    }

    @Test("of too many connections of an address the newest is closed, until one of them ends")
    func cap() throws {
        let connections = Shares<String>(most: 2)
        let kept = [try channel(connections), try channel(connections)]
        let refused = try channel(connections)
        refused.embeddedEventLoop.run()
        #expect(!refused.isActive && kept.allSatisfy(\.isActive))
        try kept[0].close().wait()
        let next = try channel(connections)
        next.embeddedEventLoop.run()
        #expect(next.isActive)
    }
}
