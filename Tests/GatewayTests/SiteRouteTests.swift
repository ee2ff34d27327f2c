import Testing
import UpdateTree

@testable import Gateway

@Suite("What a path below /site/ names")
struct SiteRouteTests {
    @Test(
        "Hostile paths name nothing",
        arguments: [
            "/site/", "/site/v1", "/site/v1/", "/site/v2/updates", "/site/v1/updates/", "/site/v1/updates/ci",
            "/site/v1/updates/ci/main/42",
            "/site/v1/updates/ci/main/42/", "/site/v1/updates/ci/main/42/inventory/", "/site/v1/updates/ci/main/42/inventory/x",
            "/site/v1/updates/ci/main/42/content", "/site/v1/updates/ci/main/42/content/", "/site/v1/updates/dev/main/42/inventory",
            "/site/v1/updates/ci/../42/inventory", "/site/v1/updates/ci/%2e%2e/42/inventory", "/site/v1/updates/ci/main/.42/inventory",
            "/site/v1/updates/ci/main%2f42/inventory", "/site/v1/updates//main/42/inventory", "/site/v1/updates/ci/main/42/Inventory",
            "/site/v1/updates/ci/main/42/content/tuf", "/site/v1/updates/ci/main/42/content/tuf/../../43/tuf/targets.json",
            "/site/v1/updates/ci/main/42/content/tuf/%2e%2e/%2E%2e/x", "/site/v1/updates/ci/main/42/content/tuf/./targets.json",
            "/site/v1/updates/ci/main/42/content//tuf/targets.json", "/site/v1/updates/ci/main/42/content/tuf//targets.json",
            "/site/v1/updates/ci/main/42/content/tuf/x%00", "/site/v1/updates/ci/main/42/content/tuf/x%2fy",
            "/site/v1/updates/ci/main/42/content/tuf/x%5cy", "/site/v1/updates/ci/main/42/content/tuf/%c0%ae%c0%ae/x",
            // A combining mark behind a slash or a dot hides it from those who read characters.
            "/site/v1/updates/ci/main/42/content/tuf/../%CC%81x", "/site/v1/updates/ci/main/42/content/tuf%CC%81/../x",
            "/site/v1/report/", "/site/v1/reports",
        ])
    func refuses(target: String) {
        #expect(SiteRoute(target: target) == nil)
    }

    @Test(
        "What merely lies in an update's directory is no file of the update",
        arguments: [
            ".lock", "state/x", "tuf", "otaserve.json", "ostree_repo/.lock", "ostree_repo/tmp/x", "ostree_repo/state/x",
            "ostree_repo/objects", "ostree_repo/refs/remotes/x", "ostree_repo/refs/heads", "ostree_repo/configs", "ostree_repo/config/x",
            "ostree_repo/summary.idx", "ostree_repo/uncompressed-objects-cache/x", "Tuf/targets.json", "apps/../tuf/x", "snaps/./x",
            "tuf/" + String(repeating: "a/", count: 15) + "a", "tuf/" + String(repeating: "a", count: 256),
        ])
    func unknown(path: String) {
        #expect(SitePath(path) == nil)
    }

    @Test(
        "Every file of an update is one, and devices' files are known as theirs",
        arguments: [
            ("tuf/targets.json", true), ("tuf/4.root.json", true), ("tuf/04.root.json", false), ("tuf/root.json", false),
            ("tuf/keys/offline.json", false), ("ostree_repo/config", true), ("ostree_repo/summary.sig", true),
            ("ostree_repo/objects/ab/cd.filez", true), ("ostree_repo/objects/ab/.hidden", false),
            ("ostree_repo/deltas/eW/x/superblock", true),
            ("ostree_repo/delta-indexes/a/b", true), ("ostree_repo/extensions/x/y", true), ("ostree_repo/refs/heads/a/b", true),
            ("ostree_repo/refs/mirrors/a", true), ("ostree_repo/refs/heads/a b", false),
            ("apps/blobs/sha256/" + String(repeating: "a", count: 64), true), ("apps/blobs/sha256/abc", false), ("apps/apps/x/uri", false),
            ("snaps/core_1.snap", false), ("packages/a/b.deb", false), ("packages/käse", false),
        ] as [(String, Bool)])
    func files(path: String, isForDevices: Bool) throws {
        let found = try #require(SitePath(path))
        #expect(found.text == path)
        #expect(found.content?.path == (isForDevices ? path : nil))
    }

    @Test("Paths name the list, an inventory, a file and the report")
    func names() throws {
        let update = try key("ci/ma+in/4.2")
        #expect(SiteRoute(target: "/site/v1/updates") == .updates)
        #expect(SiteRoute(target: "/site/v1/updates?x=/y") == .updates)
        #expect(SiteRoute(target: "/site/v1/report") == .report)
        #expect(SiteRoute(target: "/site/v1/updates/ci/ma%2Bin/4.2/inventory") == .inventory(update))
        #expect(
            SiteRoute(target: "/site/v1/updates/ci/ma+in/4.2/content/snaps/a%20b%3F%25")
                == .content(update, try #require(SitePath("snaps/a b?%"))))
    }

    @Test("For a device all of it is one route", arguments: ["/site/", "/site/v1/updates", "/site/x/../device"])
    func device(target: String) {
        #expect(Route(target: target) == .site)
    }
}
