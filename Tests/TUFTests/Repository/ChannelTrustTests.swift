import FileTree
import Foundation
import StrictJSON
import Testing

@testable import TUF

@Suite struct ChannelTrustTests {
    private let folder: TemporaryFolder
    private let trust: ChannelTrust

    init() throws {
        folder = try TemporaryFolder()
        trust = ChannelTrust(directory: try folder.directory())
    }

    private func root(_ version: Int, _ channel: String = "ci") throws -> [UInt8] {
        version < 3
            ? try DataSample.bytes("trust/\(channel)/\(version).root.json")
            : try DataSample.bytes("updates/\(channel == "ci" ? "ci/main/42" : "prod/prod/40")/tuf/3.root.json")
    }

    @Test("the sample's chain is taken, whatever the order in which it is offered")
    func chain() throws {
        try trust.trust(first: root(1))
        try trust.adopt([root(3), root(2), root(1)])
        #expect(try trust.roots().map(\.version) == [1, 2, 3])
        #expect(try trust.newest().bytes == root(3))
        #expect(try folder.bytes("2.root.json") == root(2))
    }

    @Test("a chain may begin above 1, and roots below it are passed over")
    func beginsLater() throws {
        try trust.trust(first: root(2))
        try trust.adopt([root(1), root(2), root(3)])
        #expect(try trust.roots().map(\.version) == [2, 3])
    }

    @Test("nothing is adopted before a first root is trusted")
    func noFirst() throws {
        #expect(TUFError.Code.of { try trust.adopt([root(1)]) } == .rootMissing)
        #expect(TUFError.Code.of { _ = try trust.newest() } == .channelMissing)
        #expect(folder.names().filter { $0 != "lock" } == [])
    }

    @Test("a gap in the chain is refused, and what came before it stays")
    func gap() throws {
        try trust.trust(first: root(1))
        #expect(TUFError.Code.of { try trust.adopt([root(3)]) } == .chainBroken)
        #expect(try trust.roots().map(\.version) == [1])
    }

    @Test("the other channel's chain is refused: it has the same names and other bytes")
    func otherChannel() throws {
        try trust.trust(first: root(1))
        #expect(TUFError.Code.of { try trust.adopt([root(2, "prod")]) } == .thresholdNotMet)
        try trust.adopt([root(2)])
        #expect(TUFError.Code.of { try trust.adopt([root(2, "prod")]) } == .chainBroken)
        #expect(TUFError.Code.of { try trust.trust(first: root(1, "prod")) } == .channelExists)
    }

    @Test("a known root with other bytes is refused, though its signatures hold")
    func otherBytes() throws {
        try trust.trust(first: root(1))
        #expect(TUFError.Code.of { try trust.adopt([root(1) + [0x0A]]) } == .chainBroken)
    }

    @Test("a root that was changed is refused, in what is offered and in what is stored")
    func changed() throws {
        var bytes = try root(1)
        let position = try #require(bytes.firstRange(of: Array("2036".utf8))).lowerBound + 3
        bytes[position] = UInt8(ascii: "7")
        #expect(TUFError.Code.of { try trust.trust(first: bytes) } == .thresholdNotMet)
        try folder.write("1.root.json", bytes)
        #expect(TUFError.Code.of { _ = try trust.roots() } == .thresholdNotMet)
    }

    @Test("a stored root under another version's name is refused")
    func renamed() throws {
        try folder.write("1.root.json", root(1))
        try folder.write("2.root.json", root(1))
        #expect(TUFError.Code.of { _ = try trust.roots() } == .versionMismatch)
    }

    @Test("a missing root in the middle is named")
    func hole() throws {
        try folder.write("1.root.json", root(1))
        try folder.write("3.root.json", root(3))
        let error = #expect(throws: TUFError.self) { try trust.roots() }
        #expect(error?.code == .chainBroken && error?.message.contains("root 2 is missing") == true)
    }

    @Test("a root behind a symbolic link is not read")
    func link() throws {
        let elsewhere = try TemporaryFolder()
        try elsewhere.write("root", root(1))
        try FileManager.default.createSymbolicLink(atPath: folder.file("1.root.json"), withDestinationPath: elsewhere.file("root"))
        #expect(TUFError.Code.of { _ = try trust.roots() } == .storage)
    }

    @Test("while another writes, nobody else does")
    func lock() throws {
        let held = try folder.directory().lock("lock")
        #expect(
            TUFError.Code.of { try ChannelLock.holding(folder.directory(), patience: .zero) { () throws(TUFError) in } } == .channelBusy)
        withExtendedLifetime(held) {}
    }
}
