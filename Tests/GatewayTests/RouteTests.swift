import Testing

@testable import Gateway

@Suite("What a path names")
struct RouteTests {
    @Test(
        "Paths that clients send name their content",
        arguments: [
            ("/repo/timestamp.json", "tuf/timestamp.json"),
            ("/repo/4.root.json", "tuf/4.root.json"),
            ("/ostree/config", "ostree_repo/config"),
            ("/ostree/refs/heads/intel-corei7-64-lmp", "ostree_repo/refs/heads/intel-corei7-64-lmp"),
            ("/ostree/deltas/eW/2+YS-4FylH/superblock", "ostree_repo/deltas/eW/2+YS-4FylH/superblock"),
            ("/ostree/deltas/eW/2%2BYS-4FylH/superblock", "ostree_repo/deltas/eW/2+YS-4FylH/superblock"),
        ])
    func names(target: String, path: String) throws {
        guard case .content(let content)? = Route(target: target) else {
            Issue.record("\(target) names nothing")
            return
        }
        #expect(content.path == path)
    }

    @Test(
        "Hostile paths name nothing",
        arguments: [
            "/repo/../../config.yaml", "/repo/%2e%2e/db.sqlite", "/repo/..%2f..%2fdb.sqlite", "/repo/root.json",
            "/repo/01.root.json", "/repo/-1.root.json", "/repo/0.root.json", "/repo/1.root.json/", "/repo/",
            "/repo/99999999999999999999.root.json", "/repo/targets.json%00", "/repo/targets.json%2f", "/repo//targets.json",
            "/ostree/", "/ostree/../tuf/targets.json", "/ostree/objects/../../tuf/targets.json", "/ostree/state/x",
            "/ostree/tmp/x", "/ostree/.lock", "/ostree/objects/.hidden", "/ostree/objects//x", "/ostree/%00",
            "/ostree/objects/%2e%2e/config", "/ostree/objects/%c0%ae%c0%ae/x", "/ostree/objects%2fab", "/ostree/config%5c..",
            "/ostree/objects/a b", "/ostree/objects/a%20b", "/ostree/objects/%zz", "/ostree/objects/%", "//ostree/config",
            "/OSTREE/config", "/./ostree/config", "https://elsewhere/ostree/config", "*", "", "/",
            "/registry/v2/app/blobs/sha256:../../x", "/registry/v2/app/blobs/sha256:ABCDEF", "/registry/v2/../blobs/sha256:",
            "/registry/v2/%2e%2e/blobs/sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "/registry/v2/app/tags/list", "/registry/v2/", "/tests/../events", "/tests/a/../b", "/tests/a/.hidden",
            "/tests/a/test.json", "/tests/a/b/c", "/device/", "/devices", "/system_info/../device",
        ])
    func refuses(target: String) {
        #expect(Route(target: target) == nil)
    }

    @Test("A registry path carries its digest and the query's token")
    func registry() {
        let digest = String(repeating: "ab", count: 32)
        let route = Route(target: "/registry/v2/factory/app/manifests/sha256:\(digest)?a=b&token=x.y")
        guard case .registry(let found, let isManifest, let token)? = route else {
            Issue.record("no registry route")
            return
        }
        #expect(found.hex == digest)
        #expect(isManifest)
        #expect(token == "x.y")
    }
}
