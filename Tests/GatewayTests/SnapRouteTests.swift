import Foundation
import Snaps
import Testing
import UpdateTree

@testable import Gateway

@Suite("Snaps for devices")
struct SnapRouteTests {
    private static let bytes = [UInt8]("the bytes of a snap, some of them".utf8)
    private static let digest = SnapDigest(of: bytes)

    @Test(
        "only a digest and one of two endings name a file",
        arguments: [
            "/snaps/", "/snaps/x.snap", "/snaps/\(digest)", "/snaps/\(digest).zip", "/snaps/\(digest).snap/", "/snaps/\(digest)A.snap",
            "/snaps/../\(digest).snap", "/snaps/\(digest.text.dropLast())%41.snap", "/snaps/\(digest).snap.assert", "/snap/\(digest).snap",
        ])
    func noRoute(path: String) { #expect(Route(target: path) == nil) }

    @Test("a digest with an ending is a route, whatever the query says")
    func route() {
        #expect(Route(target: "/snaps/\(Self.digest).snap?x=1") == .snap(Self.digest, .snap))
        #expect(Route(target: "/snaps/\(Self.digest).assert") == .snap(Self.digest, .assertions))
    }

    private func shelf() throws -> SnapShelf {
        SnapShelf(
            snaps: [
                SnapFile(
                    name: try SnapName("hello"), revision: try SnapRevision("7"), architecture: "all", base: nil, kind: .app,
                    isClassic: false, digest: Self.digest, size: Int64(Self.bytes.count))
            ], present: [])
    }

    private func key(_ tag: String) throws -> SnapPoolKey { SnapPoolKey(channel: .ci, tag: try Tag(tag)) }

    @Test("a device without a tag, of another tag, or of another channel never reads a pool's snap")
    func others() async throws {
        try await GatewayWorld.run { world in
            try world.write("ci/main/_snaps/hello_7.snap", Self.bytes)
            try world.write("prod/main/_snaps/hello_7.snap", Self.bytes)
            let prod = SnapPoolKey(channel: .prod, tag: try Tag("main"))
            world.snapCatalogue.publish(SnapShelves(updates: [:], pools: [try key("main"): try shelf(), prod: try shelf()]))
            let path = "/snaps/\(Self.digest).snap"
            #expect(try await world.anonymous.get(path).status == 403)
            let device = try world.device("one")
            #expect(try await device.get(path).status == 404)
            #expect(try await device.get(path, "-H", "x-ats-tags: devel").status == 404)
            #expect(try await device.get(path, "-H", "x-ats-tags: main").status == 200)
            world.snapCatalogue.publish(SnapShelves(updates: [:], pools: [prod: try shelf()]))
            let gone = try await device.get(path)
            #expect(gone.status == 404)
            #expect(gone.slug == "not-found" || gone.slug != nil)
            let site = try world.site("plant", "ci/main")
            #expect(try await site.get(path).status != 200)
        }
    }

    @Test("a snap has Range, a strong ETag and HEAD as all content, and so have its assertions")
    func content() async throws {
        try await GatewayWorld.run { world in
            try world.write("ci/main/_snaps/hello_7.snap", Self.bytes)
            try world.write("ci/main/_snaps/hello_7.assert", [UInt8]("type: snap-revision".utf8))
            world.snapCatalogue.publish(SnapShelves(updates: [:], pools: [try key("main"): try shelf()]))
            let device = try world.device("one")
            let path = "/snaps/\(Self.digest).snap"
            let whole = try await device.get(path, "-H", "x-ats-tags: main")
            #expect(Array(whole.body) == Self.bytes)
            let etag = try #require(whole.headers["etag"])
            #expect(etag == "\"\(Self.digest)\"")
            let part = try await device.get(path, "-H", "Range: bytes=4-8", "-H", "If-Range: \(etag)")
            #expect(part.status == 206)
            #expect(Array(part.body) == Array(Self.bytes[4...8]))
            #expect(part.headers["content-range"] == "bytes 4-8/\(Self.bytes.count)")
            #expect(try await device.get(path, "-H", "If-None-Match: \(etag)").status == 304)
            #expect(try await device.get(path, "-H", "Range: bytes=900-").status == 416)
            let head = try await device.head(path)
            #expect(head.status == 200)
            #expect(head.headers["content-length"] == String(Self.bytes.count))
            #expect(try await device.get("/snaps/\(Self.digest).assert").text == "type: snap-revision")
            #expect(try await device.get(path, "-X", "DELETE").status == 405)
        }
    }

    @Test("a snap that is on the shelf and not on the disk is 404, and the server goes on")
    func gone() async throws {
        try await GatewayWorld.run { world in
            world.snapCatalogue.publish(SnapShelves(updates: [:], pools: [try key("main"): try shelf()]))
            let device = try world.device("one")
            #expect(try await device.get("/snaps/\(Self.digest).snap", "-H", "x-ats-tags: main").status == 404)
            #expect(try await device.get("/device").status == 200)
        }
    }
}
