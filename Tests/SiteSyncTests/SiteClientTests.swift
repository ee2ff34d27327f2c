import DeviceAuth
import Foundation
import Synchronization
import Testing
import UpdateTree

@testable import SiteSync

/// A way in which an upstream may answer wrongly, and the slug that must follow.
struct Misdeed: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let slug: SiteSyncError.Code
    let reply: @Sendable ([UInt8]) -> UpstreamStub.Reply

    static let all: [Misdeed] = [
        Misdeed(testDescription: "a body without end", slug: .answerInvalid) { .init(body: $0, ending: .endless) },
        Misdeed(testDescription: "a longer body than announced in the inventory", slug: .answerInvalid) {
            StubUpdate.whole($0 + [0])
        },
        Misdeed(testDescription: "a shorter one", slug: .answerInvalid) { StubUpdate.whole($0.dropLast()) },
        Misdeed(testDescription: "a redirect", slug: .refused) { _ in
            .init(status: .found, fields: [("Location", "https://localhost:1/")], announced: 0)
        },
        Misdeed(testDescription: "an update that is gone", slug: .refused) { _ in
            .init(status: .notFound, body: Array(#"{"slug":"update-unknown"}"#.utf8), announced: 25)
        },
        Misdeed(testDescription: "a connection that is cut at once, for ever", slug: .cutOff) { .init(announced: $0.count, ending: .cut) },
        Misdeed(testDescription: "silence", slug: .cutOff) { .init(announced: $0.count, ending: .silence) },
        Misdeed(testDescription: "a byte now and then", slug: .cutOff) { _ in .init(ending: .drip) },
        Misdeed(testDescription: "a byte at a time, each on a line of its own", slug: .cutOff) {
            .init(body: [$0[0]], announced: $0.count, ending: .cut)
        },
        Misdeed(testDescription: "an overload that does not end", slug: .cutOff) { _ in .init(status: .serviceUnavailable, announced: 0) },
        Misdeed(testDescription: "another part than was asked for", slug: .answerInvalid) {
            .init(status: .partialContent, fields: [("Content-Range", "bytes 5-9/10")], body: $0, announced: $0.count)
        },
    ]
}

@Suite struct SiteClientTests {
    private static let update = "ci/main/42"

    /// The largest blob: what tests spoil.
    private func victim(_ world: SiteWorld) throws -> (path: String, bytes: [UInt8]) {
        let files = try #require(world.updates[Self.update]).files.filter { $0.key.hasPrefix("apps/blobs/") }
        let largest = try #require(files.max { $0.value.count < $1.value.count })
        return ("/site/v1/updates/\(Self.update)/content/\(largest.key)", largest.value)
    }

    @Test("a wrong answer fails that update with its slug, and what is here stays", arguments: Misdeed.all)
    func misdeeds(misdeed: Misdeed) async throws {
        let world = try SiteWorld()
        let victim = try victim(world)
        let report = try await world.with(spoil: { $0.path == victim.path ? misdeed.reply(victim.bytes) : nil }) { client, _ in
            try await world.sync(client)
        }
        #expect(report.updates.map(\.outcome) == [.failed])
        #expect(report.updates.first?.reason?.hasPrefix(misdeed.slug.rawValue) == true, "\(report.updates.first?.reason ?? "")")
        #expect(try world.library.catalogue.keys() == [])
        let again = try await world.with { client, _ in try await world.sync(client) }
        #expect(again.updates.map(\.outcome) == [.fetched])
        // What came the first time is not fetched again.
        #expect(again.bytesFetched < Int64(try #require(world.updates[Self.update]).files.values.reduce(0) { $0 + $1.count }))
    }

    @Test("a file that is cut after every few bytes is resumed behind its last byte")
    func resumes() async throws {
        let world = try SiteWorld()
        let victim = try victim(world)
        let report = try await world.with(spoil: { request in
            guard request.path == victim.path else { return nil }
            var reply = StubUpdate.part(victim.bytes, request)
            if reply.body.count > 5_000 {
                reply.body = Array(reply.body.prefix(5_000))
                reply.ending = .cut
            }
            return reply
        }) { client, stub in
            let report = try await world.sync(client)
            let asked = stub.requests.filter { $0.path == victim.path }
            // A cut may also lose bytes that were on their way.
            #expect(asked.count >= (victim.bytes.count + 4_999) / 5_000)
            #expect(asked.dropFirst().allSatisfy { $0.ifRange == StubUpdate.tag(victim.bytes) })
            return report
        }
        #expect(report.updates.map(\.outcome) == [.fetched])
        #expect(report.bytesFetched == Int64(try #require(world.updates[Self.update]).files.values.reduce(0) { $0 + $1.count }))
    }

    @Test("a file that changed between two pieces is begun anew")
    func changedTag() async throws {
        let world = try SiteWorld()
        let victim = try victim(world)
        let report = try await world.with(spoil: { request in
            guard request.path == victim.path, request.before == 0 else { return nil }
            // Another file's first bytes, under another tag.
            return .init(
                fields: [("ETag", "\"other\"")], body: [UInt8](repeating: 9, count: 100), announced: victim.bytes.count, ending: .cut)
        }) { client, _ in try await world.sync(client) }
        #expect(report.updates.map(\.outcome) == [.fetched])
    }

    @Test("a server whose certificate is of another root, or for another name, is not spoken to")
    func wrongServer() async throws {
        let world = try SiteWorld()
        let other = try SiteWorld([])
        for (host, certificates) in [("localhost", "\(other.folder)/certs"), ("127.0.0.1", "\(world.folder)/certs")] {
            let error = await #expect(throws: SiteSyncError.self) {
                try await world.with(host: host, certificates: certificates) { client, stub in
                    defer { #expect(stub.requests.isEmpty) }
                    return try await world.sync(client)
                }
            }
            #expect(error?.code == .cutOff)
        }
    }

    @Test("credentials that are absent or no certificates are named as such")
    func credentials() throws {
        let world = try SiteWorld([])
        let address = try UpstreamAddress("https://localhost:1")
        try "x".write(toFile: "\(world.folder)/credentials/client.pem", atomically: true, encoding: .utf8)
        for folder in ["\(world.folder)/absent", world.credentials] {
            let error = #expect(throws: SiteSyncError.self) { try SiteClient(address, credentials: folder) }
            #expect(error?.code == .credentialsInvalid)
        }
    }

    @Test(
        "an address that is not https and a host is refused",
        arguments: ["http://a:1", "https://", "https://a/b", "https://u@a", "https://a?b", "a:1", "https://a:0", "https://a b", ""])
    func addresses(text: String) {
        #expect(throws: SiteSyncError.self) { try UpstreamAddress(text) }
    }
}
