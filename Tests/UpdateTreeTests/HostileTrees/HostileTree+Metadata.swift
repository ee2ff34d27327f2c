import Foundation

extension HostileTree {
    /// 2036-01-01T00:00:00Z, when the sample's metadata end.
    private static let end: Int64 = 2_082_758_400

    static let parts: [HostileTree] = [
        HostileTree("no tuf", .refused("update-part-missing")) { try $0.remove("tuf") },
        HostileTree("no ostree_repo", .refused("update-part-missing")) { try $0.remove("ostree_repo") },
        HostileTree("no apps", .refused("update-part-missing")) { try $0.remove("apps") },
        HostileTree("nothing at all", .refused("update-part-missing")) { draft in
            for part in ["tuf", "ostree_repo", "apps"] { try draft.remove(part) }
        },
        HostileTree("a file in the place of tuf", .refused("update-part-missing")) { draft in
            try draft.remove("tuf")
            try draft.write("tuf", "x")
        },
        HostileTree("no targets.json", .refused("update-part-missing")) { try $0.remove("tuf/targets.json") },
        HostileTree("no snapshot.json", .refused("update-part-missing")) { try $0.remove("tuf/snapshot.json") },
        HostileTree("no timestamp.json", .refused("update-part-missing")) { try $0.remove("tuf/timestamp.json") },
    ]

    static let metadata: [HostileTree] = [
        HostileTree("the other channel's metadata", .refused("threshold-not-met")) { draft in
            try draft.remove("tuf")
            try draft.take("tuf", from: "prod/prod/40")
        },
        HostileTree("another tag's update", .refused("target-tag-missing"), as: "ci/other/43") { _ in },
        HostileTree("the other channel's update", .refused("threshold-not-met"), as: "prod/main/43") { _ in },
        HostileTree("a root that the channel knows otherwise", .refused("trust-root-differs")) { draft in
            let prod = "\(StoreFixture.sample)/trust/prod/2.root.json"
            try draft.write("tuf/2.root.json", String(contentsOfFile: prod, encoding: .utf8))
        },
        HostileTree("the newest root missing", .refused("threshold-not-met")) { try $0.remove("tuf/3.root.json") },
        HostileTree("a root under another version's name", .refused("metadata-version-mismatch")) { draft in
            try draft.exchangeName("tuf/3.root.json", "tuf/4.root.json")
        },
        HostileTree("a root with a changed key", .refused("threshold-not-met")) { draft in
            try draft.edit("tuf/3.root.json", "\"version\":3", "\"version\":3,\"x\":1")
        },
        HostileTree("the timestamp of the update before", .refused("metadata-hash-mismatch")) { draft in
            try draft.take("tuf/timestamp.json", from: "ci/main/42")
        },
        HostileTree("the snapshot of the update before", .refused("metadata-hash-mismatch")) { draft in
            try draft.take("tuf/snapshot.json", from: "ci/main/42")
        },
        HostileTree("the targets of the update before", .refused("metadata-hash-mismatch")) { draft in
            try draft.take("tuf/targets.json", from: "ci/main/42")
        },
        HostileTree("all metadata of the update before", .refused("ostree-object-missing")) { draft in
            try draft.take("tuf", from: "ci/main/42")
        },
        HostileTree("targets with another tag written in", .refused("metadata-hash-mismatch")) { draft in
            try draft.edit("tuf/targets.json", "main", "prod")
        },
        HostileTree("a timestamp that is cut off", .refused("json-malformed")) { draft in
            try draft.change("tuf/timestamp.json") { $0.removeLast(10) }
        },
        HostileTree("a timestamp that says something twice", .refused("json-duplicate-member")) { draft in
            try draft.edit("tuf/timestamp.json", "\"version\":43}}", "\"version\":43,\"version\":43}}")
        },
        HostileTree("targets of nine mebibytes", .refused("file-too-large")) { draft in
            try draft.write("tuf/targets.json", [UInt8](repeating: 0x20, count: 9 << 20))
        },
        HostileTree("metadata that ended", .refused("metadata-expired"), now: end + 1) { _ in },
        HostileTree("metadata that end within the horizon", .refused("metadata-expires-soon"), now: end - 43_200) { _ in },
        HostileTree("metadata that end within a month", .warned("metadata-expires-soon"), now: end - 10 * 86_400) { _ in },
        HostileTree("the bundle of the update before", .refused("bundle-targets-mismatch")) { draft in
            try draft.take("tuf/bundle-targets.json", from: "ci/main/42")
        },
        HostileTree("the bundle of the other channel", .refused("threshold-not-met")) { draft in
            try draft.take("tuf/bundle-targets.json", from: "prod/prod/40")
        },
        HostileTree("a bundle that names nothing", .refused("threshold-not-met")) { draft in
            try draft.edit("tuf/bundle-targets.json", "\"tag\":\"main\"", "\"tag\":\"mine\"")
        },
    ]

    static let signedMetadata: [HostileTree] = [
        .signed("no target", .refused("target-missing")) { image, _ in
            image.isThere = false
            image.bundleTargets = []
        },
        .signed("a target without the tag", .refused("target-tag-missing")) { image, _ in image.tags = ["other"] },
        .signed("a target without a tag", .refused("target-tag-missing")) { image, _ in image.tags = [] },
        .signed("a target for two kinds of hardware", .refused("target-hardware-id-count")) { image, _ in
            image.hardwareIDs.append("raspberrypi4-64")
        },
        .signed("a target for no hardware", .refused("target-hardware-id-count")) { image, _ in image.hardwareIDs = [] },
        .signed("a hardware id that is a path", .refused("target-hardware-id-invalid")) { image, _ in image.hardwareIDs = ["../x"] },
        .signed("a target that names an absent commit", .refused("ostree-object-missing")) { image, _ in
            image.commit = String(repeating: "ab", count: 32)
        },
        .signed("an app named by a version", .refused("target-app-invalid")) { image, _ in image.uri = "registry.example.com/f/a:latest" },
        .signed("an app whose name is a path", .refused("target-app-invalid")) { image, _ in image.appName = "../etc" },
        .signed("an app whose manifest is absent", .refused("oci-blob-missing")) { image, _ in
            image.uri = "registry.example.com/f/a@sha256:\(String(repeating: "ab", count: 32))"
        },
        .signed("a bundle for another tag", .refused("bundle-targets-mismatch")) { image, _ in image.bundleTag = "other" },
        .signed("a bundle for the other channel", .refused("bundle-targets-mismatch")) { image, _ in image.bundleChannel = "prod" },
        .signed("a bundle with a target of its own", .refused("bundle-targets-mismatch")) { image, _ in image.bundleTargets.append("x-1") },
        .signed("an app's manifest that is none", .refused("oci-manifest-invalid")) { image, draft in
            image.uri = "registry.example.com/f/a@sha256:\(try draft.addBlob("[]"))"
        },
        .signed("a manifest that tells the size of its layer wrong", .refused("oci-size-mismatch")) { image, draft in
            let text = try String(contentsOfFile: draft.full(draft.manifest), encoding: .utf8)
            image.uri = "registry.example.com/f/a@sha256:\(try draft.addBlob(text.replacing("10263", with: "10264")))"
        },
    ]
}

extension TreeDraft {
    func exchangeName(_ name: String, _ other: String) throws {
        try write(other, String(contentsOfFile: full(name), encoding: .utf8))
        try remove(name)
    }
}
